/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/tun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What waits for us to read it; the kernel drops the rest untold (500 by default). A burst of 7 MB.
 */
#define QUEUE_PACKETS 5000

/* What is wanted, where complaints go, and a socket of the namespace for ioctls. */
struct work {
	const struct tun_config *config;
	char *error;
	size_t error_size;
	int sock;
	char *name; /* of the device */
};

static int failed(struct work *work, const char *what)
{
	int rc = errno ? -errno : -EIO;

	snprintf(work->error, work->error_size, "%s: %s: %s", work->config->netns, what,
		 g_strerror(-rc));
	return rc;
}

static int open_netns(struct work *work)
{
	const char *name = work->config->netns;
	char path[256];
	int fd;

	if (strcmp(name, "self") == 0)
		name = "/proc/self/ns/net";
	snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : "/run/netns/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? failed(work, "no such network namespace") : fd;
}

static int open_device(struct work *work)
{
	struct ifreq req = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int rc;

	if (fd < 0 && (errno == ENOENT || errno == ENODEV || errno == ENXIO))
		return failed(work, "/dev/net/tun is missing (try: modprobe tun; a container needs "
				    "the device passed in)");
	if (fd < 0)
		return failed(work, "/dev/net/tun");
	/* The kernel puts the first free number in. */
	snprintf(req.ifr_name, sizeof(req.ifr_name), "eth%%d");
	if (ioctl(fd, TUNSETIFF, &req) < 0) {
		rc = failed(work, "cannot make a TUN device (needs CAP_NET_ADMIN there)");
		close(fd);
		return rc;
	}
	memcpy(work->name, req.ifr_name, TUN_NAME_BYTES);
	return fd;
}

static void put_address(struct sockaddr *out, uint32_t address)
{
	const struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address),
	};

	memcpy(out, &in, sizeof(in));
}

static int set(struct work *work, unsigned long request, struct ifreq *req, const char *what)
{
	memcpy(req->ifr_name, work->name, TUN_NAME_BYTES);
	return ioctl(work->sock, request, req) < 0 ? failed(work, what) : 0;
}

/* Router solicitations of IPv6 would only cost thin links their bits. Best effort: without /proc
 * they are sent, and logged. */
static void switch_ipv6_off(const struct work *work)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", work->name);
	file = fopen(path, "we");
	if (!file)
		return;
	fputs("1", file);
	fclose(file);
}

static int bring_up(struct work *work, const char *name)
{
	struct ifreq req = {0};

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	if (ioctl(work->sock, SIOCGIFFLAGS, &req) < 0)
		return failed(work, "SIOCGIFFLAGS");
	req.ifr_flags |= IFF_UP;
	return ioctl(work->sock, SIOCSIFFLAGS, &req) < 0 ? failed(work, "SIOCSIFFLAGS") : 0;
}

static int set_addresses(struct work *work)
{
	struct ifreq req = {0};
	int rc;

	put_address(&req.ifr_addr, work->config->address);
	rc = set(work, SIOCSIFADDR, &req, "SIOCSIFADDR");
	if (rc < 0)
		return rc;
	put_address(&req.ifr_dstaddr, work->config->peer);
	rc = set(work, SIOCSIFDSTADDR, &req, "SIOCSIFDSTADDR");
	if (rc < 0)
		return rc;
	req.ifr_mtu = work->config->mtu;
	rc = set(work, SIOCSIFMTU, &req, "SIOCSIFMTU");
	if (rc < 0)
		return rc;
	/* Refused in a user namespace: the kernel's 500 must do there. */
	req.ifr_qlen = QUEUE_PACKETS;
	if (ioctl(work->sock, SIOCSIFTXQLEN, &req) < 0 && errno != EPERM)
		return failed(work, "SIOCSIFTXQLEN");
	return 0;
}

/* One that is there already stays: a server in a star has many devices. */
static int add_default_route(struct work *work)
{
	struct rtentry route = {.rt_flags = RTF_UP, .rt_dev = work->name};

	put_address(&route.rt_dst, 0);
	put_address(&route.rt_genmask, 0);
	put_address(&route.rt_gateway, 0);
	if (ioctl(work->sock, SIOCADDRT, &route) < 0 && errno != EEXIST)
		return failed(work, "SIOCADDRT");
	return 0;
}

static int configure(struct work *work)
{
	int rc;

	switch_ipv6_off(work);
	rc = set_addresses(work);
	if (rc == 0)
		rc = bring_up(work, "lo");
	if (rc == 0)
		rc = bring_up(work, work->name);
	return rc == 0 ? add_default_route(work) : rc;
}

static int open_here(struct work *work)
{
	int fd;
	int rc;

	work->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (work->sock < 0)
		return failed(work, "socket");
	fd = open_device(work);
	rc = fd < 0 ? fd : configure(work);
	close(work->sock);
	if (rc < 0 && fd >= 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

int tun_open(const struct tun_config *config, char name[TUN_NAME_BYTES], char *error,
	     size_t error_size)
{
	struct work work = {.config = config, .error_size = error_size};
	int netns;
	int own;
	int fd;

	work.error = error;
	work.name = name;
	own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0)
		return failed(&work, "/proc/self/ns/net");
	netns = open_netns(&work);
	if (netns < 0) {
		close(own);
		return netns;
	}
	if (setns(netns, CLONE_NEWNET) < 0) {
		fd = failed(&work, "cannot enter the network namespace");
	} else {
		fd = open_here(&work);
		/* Nothing after this may happen in somebody else's namespace. */
		if (setns(own, CLONE_NEWNET) < 0)
			abort();
	}
	close(netns);
	close(own);
	return fd;
}
