/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An SDP offer as a plain struct: what negotiation needs of it and nothing else. GstSDP takes the
 * text apart into lines; this file reads the attributes (RFC 8866, 8839, 8842, 8843/9143, 8852,
 * 8853, 4585, 4588, 5576, 8285). Pure; no decision is taken here.
 */
#ifndef VIDD_SIGNALING_OFFER_H
#define VIDD_SIGNALING_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "media/route/params.h"

#define OFFER_PAYLOAD_TYPES 128
#define OFFER_MAX_EXTS	    32
#define OFFER_MAX_SSRCS	    8 /* 3 encodings, each with RTX, and margin */

/* a=rtcp-fb of one payload type (RFC 4585 4.2). */
enum offer_feedback {
	OFFER_NACK = 1,
	OFFER_PLI = 2,
	OFFER_FIR = 4,
	OFFER_TRANSPORT_CC = 8,
	OFFER_REMB = 16, /* draft-alvestrand-rmcat-remb 2.3 */
};

struct offer_codec {
	const char *name; /* NULL: no rtpmap */
	size_t name_len;
	uint32_t clock_hz;
	uint32_t channels;
	const char *fmtp;  /* NULL: none */
	unsigned feedback; /* enum offer_feedback */
};

struct offer_ext {
	enum rtp_ext ext;
	uint8_t id;
	bool is_sent; /* by the offerer; a direction behind the id may say only one of the two */
	bool is_received;
};

/* Transport attributes, of the session or of an m-line. */
struct offer_transport {
	const char *ufrag;
	const char *pwd;
	const char *fingerprint; /* of sha-256, without the algorithm's name */
	const char *setup;
};

struct offer_mline {
	const char *media;
	const char *proto;
	const char *format; /* the first, for a rejection */
	const char *mid;    /* NULL: none */
	bool is_off;	    /* port 0 and not bundle-only */
	bool sends;
	bool receives;
	bool has_rtcp_mux;
	bool has_rtcp_rsize;
	struct offer_transport transport;
	uint8_t pt[OFFER_PAYLOAD_TYPES]; /* in the offer's order */
	size_t pt_count;
	struct offer_codec codec[OFFER_PAYLOAD_TYPES]; /* by payload type */
	unsigned feedback;			       /* of all of them: a=rtcp-fb:* */
	struct offer_ext ext[OFFER_MAX_EXTS];
	size_t ext_count;
	char rid[LIMIT_ENCODINGS][LIMIT_RID_BYTES + 1]; /* of a=simulcast:send, in its order */
	size_t rid_count;
	uint32_t ssrc[OFFER_MAX_SSRCS];
	uint32_t rtx_ssrc[OFFER_MAX_SSRCS]; /* by FID group; 0: none */
	size_t ssrc_count;
};

struct offer {
	void *sdp;	    /* what every text above is borrowed from */
	const char *bundle; /* the mids of a=group:BUNDLE, or NULL */
	bool is_lite;
	bool has_mixed_extmaps;
	struct offer_transport transport;
	struct offer_mline *mline;
	size_t mline_count;
};

struct negotiate_error;

/* 0; -EBADMSG and *error. Out is written only on success, then offer_close it. */
int offer_parse(struct offer *out, const char *text, struct negotiate_error *error);
void offer_close(struct offer *offer);

/* The value of `key` in an a=fmtp line's "key=value;key=value" (keys without regard to case),
 * copied to out. False: it is not there or does not fit. */
bool offer_fmtp(const char *fmtp, const char *key, char *out, size_t size);
/* Whether mid stands in a space-separated list, which may be NULL. */
bool offer_list_has(const char *list, const char *mid);

#endif
