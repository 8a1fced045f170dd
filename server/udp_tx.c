/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/udp_tx.h"

#include <assert.h>
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

#include "server/udp.h"

/* Linux takes 64 segments (UDP_MAX_SEGMENTS before 6.9) and what fits one IP packet. */
#define MAX_SEGMENTS	  64
#define MAX_SEGMENT_BYTES 65000

#define TABLE_SIZE (2 * UDP_TX_BATCH)
_Static_assert((TABLE_SIZE & (TABLE_SIZE - 1)) == 0, "places are masked");

void udp_tx_init(struct udp_tx *tx, int fd)
{
	int none = 0;

	/* Setting none changes nothing, and fails where the option is not known (Linux < 4.18). */
	tx->is_segmenting = setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &none, sizeof(none)) == 0;
}

/* --- gathering -------------------------------------------------------------------------------- */

/* The place of this destination in the table: its own or the free one it would take. */
static uint16_t *find_group(struct udp_tx *tx, const struct addr *to)
{
	uint32_t place = addr_hash(to) & (TABLE_SIZE - 1);

	for (;; place = (place + 1) & (TABLE_SIZE - 1)) {
		uint16_t *entry = &tx->table[place];

		if (*entry == 0 ||
		    addr_equal(&tx->pkt[tx->group[*entry - 1].first]->path.remote, to))
			return entry;
	}
}

void udp_tx_add(struct udp_tx *tx, struct pkt *pkt)
{
	uint16_t i = (uint16_t)tx->count;
	uint16_t *entry;

	assert(tx->count < UDP_TX_BATCH);
	entry = find_group(tx, &pkt->path.remote);
	tx->pkt[i] = pkt;
	tx->next[i] = 0;
	tx->count++;
	if (*entry == 0) {
		tx->group[tx->group_count++] = (struct udp_tx_group){i, i};
		*entry = (uint16_t)tx->group_count;
		return;
	}
	struct udp_tx_group *group = &tx->group[*entry - 1];

	tx->next[group->last] = (uint16_t)(i + 1);
	group->last = i;
}

void udp_tx_clear(struct udp_tx *tx)
{
	for (size_t i = 0; i < tx->count; i++)
		pkt_unref(tx->pkt[i]);
	if (tx->count > 0)
		memset(tx->table, 0, sizeof(tx->table));
	tx->count = 0;
	tx->group_count = 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* The number of packets from place `first` of a destination's list that can leave as one send. */
static size_t run_length(const struct udp_tx *tx, size_t first)
{
	size_t segment = tx->pkt[first]->len, bytes = segment, count = 1;

	if (!tx->is_segmenting)
		return 1;
	for (size_t i = tx->next[first]; i != 0 && count < MAX_SEGMENTS; i = tx->next[i - 1]) {
		size_t len = tx->pkt[i - 1]->len;

		if (len == 0 || len > segment || bytes + len > MAX_SEGMENT_BYTES)
			break;
		bytes += len;
		count++;
		if (len < segment) /* only the last one may be shorter */
			break;
	}
	return count;
}

/* Describes one send of iov[first..first + count). */
static void describe(struct udp_tx *tx, size_t n, const struct addr *to, size_t first, size_t count)
{
	struct udp_tx_send *send = &tx->send[n];
	struct msghdr *m = &tx->msg[n].msg_hdr;

	send->first = first;
	send->count = count;
	*m = (struct msghdr){
		.msg_name = &send->to,
		.msg_namelen = udp_sockaddr_from_addr(&send->to, to),
		.msg_iov = &tx->iov[first],
		.msg_iovlen = count,
	};
	if (count > 1) {
		uint16_t segment = (uint16_t)tx->iov[first].iov_len;
		struct cmsghdr *c;

		m->msg_control = send->control.bytes;
		m->msg_controllen = sizeof(send->control.bytes);
		c = CMSG_FIRSTHDR(m);
		c->cmsg_level = IPPROTO_UDP;
		c->cmsg_type = UDP_SEGMENT;
		c->cmsg_len = CMSG_LEN(sizeof(segment));
		memcpy(CMSG_DATA(c), &segment, sizeof(segment));
	}
}

/* A run the kernel would not take as one, sent in pieces. How many were dropped. */
static size_t send_singly(int fd, struct udp_tx *tx, const struct udp_tx_send *run)
{
	struct sockaddr_storage to = run->to;
	socklen_t len =
		to.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	size_t dropped = 0;

	for (size_t i = run->first; i < run->first + run->count; i++)
		dropped += sendto(fd, tx->iov[i].iov_base, tx->iov[i].iov_len, MSG_DONTWAIT,
				  (struct sockaddr *)&to, len) < 0;
	return dropped;
}

/* The kernel refused the send as such: the path is too narrow for its segments (EINVAL, EMSGSIZE),
 * or the device cannot (EIO), and then none of them will. */
static bool is_refused_whole(struct udp_tx *tx, const struct udp_tx_send *send)
{
	if (send->count == 1 || (errno != EINVAL && errno != EMSGSIZE && errno != EIO))
		return false;
	if (errno == EIO)
		tx->is_segmenting = false;
	return true;
}

/* Sends msg[0..count). How many packets were dropped; *is_full: the socket has no room. */
static size_t send_all(int fd, struct udp_tx *tx, size_t count, bool *is_full)
{
	size_t sent = 0, dropped = 0;

	while (sent < count && !*is_full) {
		int n = sendmmsg(fd, tx->msg + sent, (unsigned)(count - sent), MSG_DONTWAIT);

		if (n > 0) {
			sent += (size_t)n;
		} else if (errno == EAGAIN || errno == ENOBUFS) {
			*is_full = true; /* media that waits is media too late */
		} else if (errno != EINTR) {
			/* The first one cannot go (no route, a firewall); the others may. */
			dropped += is_refused_whole(tx, &tx->send[sent])
					   ? send_singly(fd, tx, &tx->send[sent])
					   : tx->send[sent].count;
			sent++;
		}
	}
	for (; sent < count; sent++)
		dropped += tx->send[sent].count;
	return dropped;
}

size_t udp_tx_send(int fd, struct udp_tx *tx)
{
	size_t sends = 0, placed = 0, dropped = 0;
	bool is_full = false;

	for (size_t g = 0; g < tx->group_count; g++) {
		const struct addr *to = &tx->pkt[tx->group[g].first]->path.remote;

		for (size_t i = (size_t)tx->group[g].first + 1; i != 0;) {
			size_t first = placed, count = run_length(tx, i - 1);

			for (size_t k = 0; k < count; k++, i = tx->next[i - 1])
				tx->iov[placed++] =
					(struct iovec){tx->pkt[i - 1]->data, tx->pkt[i - 1]->len};
			describe(tx, sends++, to, first, count);
			if (sends == UDP_TX_SENDS) {
				dropped += send_all(fd, tx, sends, &is_full);
				sends = 0;
			}
		}
	}
	return dropped + send_all(fd, tx, sends, &is_full);
}
