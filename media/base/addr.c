/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/addr.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->port == b->port && memcmp(a->ip, b->ip, 16) == 0;
}

bool path_equal(const struct path *a, const struct path *b)
{
	return a->local == b->local && addr_equal(&a->remote, &b->remote);
}

uint32_t addr_hash(const struct addr *a)
{
	uint64_t hi;
	uint64_t lo;

	memcpy(&hi, a->ip, 8);
	memcpy(&lo, a->ip + 8, 8);
	/* The finaliser of splitmix64 over each word: every input bit reaches every output bit. */
	uint64_t h = (uint64_t)a->port << 8 | a->family;
	const uint64_t words[] = {hi, lo};
	for (size_t i = 0; i < 2; i++) {
		h = (h ^ words[i]) + 0x9e3779b97f4a7c15u;
		h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
		h = (h ^ h >> 27) * 0x94d049bb133111ebu;
		h ^= h >> 31;
	}
	return (uint32_t)(h ^ h >> 32);
}

/* RFC 6943 3.1.1: the strict form only; four decimals without leading zeros. Returns what follows
 * or NULL. */
static const char *parse_ipv4(const char *s, uint8_t out[4])
{
	for (size_t i = 0; i < 4; i++) {
		unsigned v = 0;
		size_t digits = 0;

		if (i > 0 && *s++ != '.')
			return NULL;
		for (; *s >= '0' && *s <= '9'; s++) {
			if (++digits > 3 || (digits > 1 && v == 0))
				return NULL;
			v = v * 10 + (unsigned)(*s - '0');
		}
		if (digits == 0 || v > 255)
			return NULL;
		out[i] = (uint8_t)v;
	}
	return s;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One group of 1 to 4 hexadecimal digits. Returns what follows or NULL. */
static const char *parse_group(const char *s, uint8_t out[2])
{
	unsigned v = 0;
	size_t digits = 0;

	for (; hex_digit(*s) >= 0; s++) {
		if (++digits > 4)
			return NULL;
		v = v << 4 | (unsigned)hex_digit(*s);
	}
	if (digits == 0)
		return NULL;
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return s;
}

/* Groups up to the end of the text or a "::"; the last 4 bytes may be a dotted IPv4 address.
 * Returns what follows or NULL; *len counts the bytes. */
static const char *parse_groups(const char *s, uint8_t out[16], size_t *len)
{
	*len = 0;
	while (*s != '\0' && !(s[0] == ':' && s[1] == ':')) {
		const char *end;

		if (*len > 0 && *s++ != ':')
			return NULL;
		if (*len <= 12 && (end = parse_ipv4(s, out + *len)) != NULL) {
			*len += 4;
			return *end == '\0' ? end : NULL;
		}
		if (*len > 14 || (s = parse_group(s, out + *len)) == NULL)
			return NULL;
		*len += 2;
	}
	return s;
}

/* RFC 4291 2.2: full, "::" and mixed forms. No zone: candidates never carry one. */
static int parse_ipv6(const char *s, uint8_t out[16])
{
	uint8_t head[16];
	uint8_t tail[16];
	size_t head_len;
	size_t tail_len;

	s = parse_groups(s, head, &head_len);
	if (!s)
		return -EINVAL;
	memset(out, 0, 16);
	memcpy(out, head, head_len);
	if (*s == '\0')
		return head_len == 16 ? 0 : -EINVAL;
	s = parse_groups(s + 2, tail, &tail_len);
	/* RFC 4291 2.2: "::" stands for one group of zeros or more. */
	if (!s || *s != '\0' || head_len + tail_len > 14)
		return -EINVAL;
	memcpy(out + 16 - tail_len, tail, tail_len);
	return 0;
}

int addr_parse(struct addr *out, const char *ip, uint16_t port)
{
	struct addr a = {.port = port};

	if (strchr(ip, ':')) {
		a.family = ADDR_IPV6;
		if (parse_ipv6(ip, a.ip) < 0)
			return -EINVAL;
	} else {
		a.family = ADDR_IPV4;
		const char *end = parse_ipv4(ip, a.ip);
		if (!end || *end != '\0')
			return -EINVAL;
	}
	*out = a;
	return 0;
}

static unsigned group(const struct addr *a, size_t i)
{
	return (unsigned)a->ip[2 * i] << 8 | a->ip[2 * i + 1];
}

/* RFC 5952 4.2: the longest run of two or more zero groups, the first of equals. */
static void longest_zeros(const struct addr *a, size_t *start, size_t *len)
{
	*start = 8;
	*len = 1;
	for (size_t i = 0; i < 8; i++) {
		size_t n = 0;

		while (i + n < 8 && group(a, i + n) == 0)
			n++;
		if (n > *len) {
			*start = i;
			*len = n;
		}
	}
}

/* RFC 5952: lower case, no leading zeros. */
static void format_ipv6(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	size_t start;
	size_t len;
	size_t at = 0;

	longest_zeros(a, &start, &len);
	for (size_t i = 0; i < 8; i++) {
		const char *colon = i > 0 && i != start + len ? ":" : "";

		if (i == start) {
			at += (size_t)snprintf(buf + at, ADDR_TEXT_MAX - at, "::");
			i += len - 1;
		} else {
			at += (size_t)snprintf(buf + at, ADDR_TEXT_MAX - at, "%s%x", colon,
					       group(a, i));
		}
	}
}

const char *addr_format_ip(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	if (a->family == ADDR_IPV6)
		format_ipv6(a, buf);
	else if (a->family == ADDR_IPV4)
		snprintf(buf, ADDR_TEXT_MAX, "%u.%u.%u.%u", a->ip[0], a->ip[1], a->ip[2], a->ip[3]);
	else
		snprintf(buf, ADDR_TEXT_MAX, "none");
	return buf;
}

const char *addr_format(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	char ip[ADDR_TEXT_MAX];

	addr_format_ip(a, ip);
	if (a->family == ADDR_IPV6)
		snprintf(buf, ADDR_TEXT_MAX, "[%.45s]:%u", ip, a->port);
	else
		snprintf(buf, ADDR_TEXT_MAX, "%.45s:%u", ip, a->port);
	return buf;
}
