/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/dtls_bio.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* struct timeval only: it is what OpenSSL's timer control speaks. */
#include <sys/time.h>

/* From 3.2 on OpenSSL passes the address of a copy, and writing there would do nothing at all. */
#if OPENSSL_VERSION_NUMBER < 0x30000000L || OPENSSL_VERSION_NUMBER >= 0x30200000L
#error "dtls_bio.c knows the DTLS timer of OpenSSL 3.0 and 3.1 only"
#endif

#define TIMER_FAR_US 3600000000u /* an hour: wall time never gets there in a handshake of 20 s */

struct dtls_datagram {
	size_t len;
	uint8_t data[];
};

static struct dtls_datagram **slot(struct dtls_bio *bio, size_t i)
{
	return &bio->out[(bio->out_first + i) % LIMIT_DTLS_FLIGHT_DATAGRAMS];
}

/* The last queued datagram if `len` more bytes go into it, else a new one; NULL: no room or memory.
 */
static struct dtls_datagram *open_datagram(struct dtls_bio *bio, size_t len)
{
	struct dtls_datagram *last = bio->out_count > 0 ? *slot(bio, bio->out_count - 1) : NULL;

	if (last && last->len + len <= bio->datagram_bytes)
		return last;
	if (bio->out_count == LIMIT_DTLS_FLIGHT_DATAGRAMS)
		return NULL;
	last = malloc(sizeof(*last) + (len > bio->datagram_bytes ? len : bio->datagram_bytes));
	if (!last)
		return NULL;
	last->len = 0;
	*slot(bio, bio->out_count) = last;
	bio->out_count++;
	return last;
}

/* OpenSSL writes whole records. */
static int bio_write(BIO *handle, const char *data, int len)
{
	struct dtls_bio *bio = BIO_get_data(handle);

	BIO_clear_retry_flags(handle);
	if (len <= 0)
		return 0;
	/* Without room it is lost, as it might be on the way; the handshake's own retransmission
	 * repairs that. */
	struct dtls_datagram *datagram = open_datagram(bio, (size_t)len);
	if (datagram) {
		memcpy(datagram->data + datagram->len, data, (size_t)len);
		datagram->len += (size_t)len;
	}
	return len;
}

/* One datagram a call. What does not fit is cut off, as recv() does: such a record is no use. */
static int bio_read(BIO *handle, char *data, int cap)
{
	struct dtls_bio *bio = BIO_get_data(handle);

	BIO_clear_retry_flags(handle);
	if (!bio->in || cap <= 0) {
		BIO_set_retry_read(handle);
		return -1;
	}
	size_t len = bio->in_len < (size_t)cap ? bio->in_len : (size_t)cap;
	memcpy(data, bio->in, len);
	bio->in = NULL;
	return (int)len;
}

static void note_timer(struct dtls_bio *bio, struct timeval *next_timeout)
{
	bool is_on = next_timeout->tv_sec != 0 || next_timeout->tv_usec != 0;

	bio->next_timeout = next_timeout;
	if (is_on && !bio->is_timer_on)
		bio->is_timer_new = true;
	bio->is_timer_on = is_on;
}

static long bio_ctrl(BIO *handle, int cmd, long num, void *ptr)
{
	struct dtls_bio *bio = BIO_get_data(handle);

	switch (cmd) {
	case BIO_CTRL_FLUSH: /* each write is a datagram already */
		return 1;
	case BIO_CTRL_PENDING:
		return bio->in ? (long)bio->in_len : 0;
	case BIO_CTRL_DGRAM_QUERY_MTU:
	case BIO_CTRL_DGRAM_GET_MTU:
	case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
	case BIO_CTRL_DGRAM_SET_MTU: /* answers what is in force, whatever was asked */
		return LIMIT_DTLS_MTU_BYTES;
	case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
		note_timer(bio, ptr);
		return 1;
	case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: /* ours is the size of the UDP payload */
	case BIO_CTRL_DGRAM_MTU_EXCEEDED:
	case BIO_CTRL_WPENDING:
	default:
		return 0;
	}
}

static unsigned timer_duration(SSL *ssl, unsigned timer_us)
{
	return TIMER_FAR_US;
}

static BIO_METHOD *make_method(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "datagrams");

	if (method && (BIO_meth_set_write(method, bio_write) != 1 ||
		       BIO_meth_set_read(method, bio_read) != 1 ||
		       BIO_meth_set_ctrl(method, bio_ctrl) != 1)) {
		BIO_meth_free(method);
		return NULL;
	}
	return method;
}

int dtls_bio_attach(struct dtls_bio *bio, SSL *ssl)
{
	BIO *handle;

	*bio = (struct dtls_bio){.method = make_method(), .datagram_bytes = LIMIT_DTLS_MTU_BYTES};
	handle = bio->method ? BIO_new(bio->method) : NULL;
	if (!handle) {
		BIO_meth_free(bio->method);
		bio->method = NULL;
		return -ENOMEM;
	}
	BIO_set_data(handle, bio);
	BIO_set_init(handle, 1);
	SSL_set_bio(ssl, handle, handle); /* takes it */
	SSL_set_mtu(ssl, LIMIT_DTLS_MTU_BYTES);
	DTLS_set_timer_cb(ssl, timer_duration);
	return 0;
}

void dtls_bio_close(struct dtls_bio *bio)
{
	for (size_t i = 0; i < bio->out_count; i++)
		free(*slot(bio, i));
	BIO_meth_free(bio->method);
	*bio = (struct dtls_bio){0};
}

size_t dtls_bio_output(struct dtls_bio *bio, uint8_t *buf, size_t cap)
{
	struct dtls_datagram *datagram = bio->out[bio->out_first];
	size_t len;

	if (bio->out_count == 0 || datagram->len > cap)
		return 0;
	len = datagram->len;
	memcpy(buf, datagram->data, len);
	free(datagram);
	bio->out_first = (bio->out_first + 1) % LIMIT_DTLS_FLIGHT_DATAGRAMS;
	bio->out_count--;
	return len;
}

bool dtls_bio_take_start(struct dtls_bio *bio)
{
	bool is_new = bio->is_timer_new;

	bio->is_timer_new = false;
	return is_new;
}

void dtls_bio_expire_timer(struct dtls_bio *bio)
{
	assert(bio->is_timer_on);
	/* Long past, and not zero, which would mean "not running". */
	*bio->next_timeout = (struct timeval){.tv_sec = 1};
}
