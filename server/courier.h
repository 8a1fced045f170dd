/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Carries one message out of the house: by a command of the operator's, by a webhook, by a mail
 * server, or onto the terminal (--demo). Blocks; for the sending thread. Which way is chosen by
 * what is configured: e-mail goes to the mail server, all else to the command, else to the webhook.
 */
#ifndef VIDD_SERVER_COURIER_H
#define VIDD_SERVER_COURIER_H

#include <stdbool.h>
#include <stdint.h>

#include "server/config.h"

#define COURIER_NOTE_BYTES 256

struct courier;

struct courier_message {
	const char *id;	     /* the same at every try: a receiver tells repeats by it */
	const char *channel; /* "sms" or "email" */
	const char *to;
	const char *language, *kind;
	const char *subject, *text;
};

/* Reads what the configuration names (command, secrets). 0, or -EINVAL and in why what is wrong
 * and the remedy. */
int courier_new(struct courier **out, const struct config *config, char why[CONFIG_ERROR_BYTES]);
void courier_free(struct courier *courier);

/* 0: it is sent, note is the receipt; -EAGAIN: try again later; -ENOENT: refused for good, or
 * nothing is configured that could send it. note is never the address or the text. */
int courier_send(const struct courier *courier, int64_t now_unix_s,
		 const struct courier_message *message, char note[COURIER_NOTE_BYTES]);

/* "t=<now>,v1=<hex>": HMAC-SHA256 with the secret over "<now>.<body>". text holds
 * COURIER_SIGNATURE_BYTES. Pure. 0 or -EIO. */
#define COURIER_SIGNATURE_BYTES 96
int courier_sign(char text[COURIER_SIGNATURE_BYTES], const char *secret, int64_t now_unix_s,
		 const char *body);
/* An e-mail's header and body (RFC 5322, MIME), with CRLF; g_free() it. NULL when an address has
 * what no address may have. Pure. */
char *courier_mail_text(const struct courier_message *message, const char *from,
			int64_t now_unix_s);
/* One '@', no blank, control character, bracket or comma: nothing that could become a header. */
bool courier_is_address(const char *address);

#endif
