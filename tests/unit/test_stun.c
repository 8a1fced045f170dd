/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "media/wire/stun.h"
#include "tests/support/alloc_count.h"
#include "tests/support/stun_client.h"

/* RFC 5769 2.1: a request with SOFTWARE, PRIORITY, ICE-CONTROLLED, padded with spaces. */
static const uint8_t rfc5769_request[] = {
	0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
	0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e,
	0x20, 0x74, 0x65, 0x73, 0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24,
	0x00, 0x04, 0x6e, 0x00, 0x01, 0xff, 0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1,
	0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09, 0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68,
	0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14, 0x9a, 0xea, 0xa7, 0x0c,
	0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49, 0xc1, 0xb5,
	0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};
static const struct ice_credentials rfc5769_local = {"evtj", "VOkJxbRl1RmTxUk/WvJxBt"};

static const struct ice_credentials wrong_local = {"evtj", "VOkJxbRl1RmTxUk/WvJxBu"};

static const struct ice_credentials local = {"srvU", "serverPasswordOf24Chars+"};
static const struct addr v4 = {.family = ADDR_IPV4, .port = 5004, .ip = {192, 0, 2, 7}};
static const struct addr v6 = {
	.family = ADDR_IPV6,
	.port = 61000,
	.ip = {0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
};

static void rfc5769_vector_is_read(void)
{
	struct stun_peek peek;
	struct stun_request request;
	uint8_t reply[STUN_REPLY_BYTES];
	size_t reply_len;

	g_assert_cmpint(stun_peek_request(&peek, rfc5769_request, sizeof(rfc5769_request)), ==, 0);
	g_assert_cmpstr(peek.local_ufrag, ==, "evtj");
	g_assert_cmpstr(peek.remote_ufrag, ==, "h6vY");
	g_assert_cmpint(stun_answer_request(&request, rfc5769_request, sizeof(rfc5769_request),
					    &rfc5769_local, &v4, reply, sizeof(reply), &reply_len),
			==, 0);
	g_assert_cmphex(request.priority, ==, 0x6e0001ff);
	g_assert_false(request.use_candidate);
	g_assert_true(request.is_controlled);
	g_assert_true(request.is_refused);
}

static void reply_names_the_mapped_address(void)
{
	const struct addr *froms[] = {&v4, &v6};

	for (size_t i = 0; i < G_N_ELEMENTS(froms); i++) {
		const struct stun_client_check check = {.to = &local,
							.from_ufrag = "peer",
							.use_candidate = i == 1,
							.priority = 77};
		StunAgent client;
		struct stun_request request;
		struct addr mapped;
		uint8_t buf[256];
		uint8_t reply[STUN_REPLY_BYTES];
		size_t reply_len;
		size_t len = stun_client_write(&client, buf, sizeof(buf), &check);

		g_assert_cmpint(stun_answer_request(&request, buf, len, &local, froms[i], reply,
						    sizeof(reply), &reply_len),
				==, 0);
		g_assert_cmpint(request.use_candidate, ==, i == 1);
		g_assert_cmpuint(request.priority, ==, 77);
		g_assert_false(request.is_refused);
		g_assert_cmpint(stun_client_read(&client, reply, reply_len, &mapped), ==, 0);
		g_assert_true(addr_equal(&mapped, froms[i]));
	}
}

static void role_conflict_is_answered_487(void)
{
	const struct stun_client_check check = {
		.to = &local, .from_ufrag = "peer", .is_controlled = true, .priority = 1};
	StunAgent client;
	struct stun_request request;
	struct addr mapped;
	uint8_t buf[256];
	uint8_t reply[STUN_REPLY_BYTES];
	size_t reply_len;
	size_t len = stun_client_write(&client, buf, sizeof(buf), &check);

	g_assert_cmpint(stun_answer_request(&request, buf, len, &local, &v4, reply, sizeof(reply),
					    &reply_len),
			==, 0);
	g_assert_true(request.is_refused);
	g_assert_cmpint(stun_client_read(&client, reply, reply_len, &mapped), ==,
			STUN_USAGE_ICE_RETURN_ROLE_CONFLICT);
}

/* A request with one more attribute than libnice's usage writes. */
static size_t write_with_attribute(StunAgent *client, uint8_t *buf, size_t cap, uint16_t type)
{
	StunMessage msg;
	const char *username = "srvU:peer";

	stun_agent_init(client, STUN_ALL_KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
			STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
	g_assert_true(stun_agent_init_request(client, &msg, buf, cap, STUN_BINDING));
	stun_message_append_string(&msg, STUN_ATTRIBUTE_USERNAME, username);
	stun_message_append32(&msg, (StunAttribute)type, 0xdeadbeef);
	return stun_agent_finish_message(client, &msg, (const uint8_t *)local.pwd,
					 strlen(local.pwd));
}

static void unknown_required_attribute_is_answered_420(void)
{
	static const struct {
		uint16_t type;
		bool is_refused;
	} steps[] = {{0x7001, true}, {0xc057, false}, {0x0013, true}, {0x8fff, false}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		StunAgent client;
		StunMessage msg;
		struct stun_request request;
		uint8_t buf[256];
		uint8_t reply[STUN_REPLY_BYTES];
		size_t reply_len;
		size_t len = write_with_attribute(&client, buf, sizeof(buf), steps[i].type);
		int code = 0;

		g_assert_cmpint(stun_answer_request(&request, buf, len, &local, &v4, reply,
						    sizeof(reply), &reply_len),
				==, 0);
		g_assert_cmpint(request.is_refused, ==, steps[i].is_refused);
		g_assert_cmpint(stun_agent_validate(&client, &msg, reply, reply_len, NULL, NULL),
				==, STUN_VALIDATION_SUCCESS);
		if (!steps[i].is_refused)
			continue;
		g_assert_cmpint(stun_message_find_error(&msg, &code), ==,
				STUN_MESSAGE_RETURN_SUCCESS);
		g_assert_cmpint(code, ==, STUN_ERROR_UNKNOWN_ATTRIBUTE);
	}
}

static void any_changed_byte_is_refused(void)
{
	const struct stun_client_check check = {
		.to = &local, .from_ufrag = "peer", .use_candidate = true, .priority = 1};
	StunAgent client;
	uint8_t buf[256];
	size_t len = stun_client_write(&client, buf, sizeof(buf), &check);

	for (size_t i = 0; i < len; i++) {
		struct stun_request request = {.priority = 4711};
		uint8_t changed[256];
		uint8_t reply[STUN_REPLY_BYTES] = {0};
		size_t reply_len = 4711;

		memcpy(changed, buf, len);
		changed[i] ^= 0x01;
		g_assert_cmpint(stun_answer_request(&request, changed, len, &local, &v4, reply,
						    sizeof(reply), &reply_len),
				<, 0);
		g_assert_cmpuint(request.priority, ==, 4711);
		g_assert_cmpuint(reply_len, ==, 4711);
		g_assert_cmpuint(reply[0], ==, 0);
	}
}

static void wrong_credentials_are_refused(void)
{
	static const struct {
		struct ice_credentials used;
		int expected;
	} steps[] = {
		{{"srvU", "serverPasswordOf24Chars-"}, -EPERM},
		{{"srvU", "s"}, -EPERM},
		{{"srvV", "serverPasswordOf24Chars+"}, -EPERM},
		{{"srv", "serverPasswordOf24Chars+"}, -EPERM},
		{{"srvUU", "serverPasswordOf24Chars+"}, -EPERM},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		const struct stun_client_check check = {
			.to = &steps[i].used, .from_ufrag = "peer", .priority = 1};
		StunAgent client;
		struct stun_request request;
		uint8_t buf[256];
		uint8_t reply[STUN_REPLY_BYTES];
		size_t reply_len;
		size_t len = stun_client_write(&client, buf, sizeof(buf), &check);

		g_assert_cmpint(stun_answer_request(&request, buf, len, &local, &v4, reply,
						    sizeof(reply), &reply_len),
				==, steps[i].expected);
	}
}

static void other_stun_messages_are_no_requests(void)
{
	struct stun_peek peek;
	uint8_t buf[sizeof(rfc5769_request)];

	for (unsigned type = 0; type <= 0xffff; type++) {
		memcpy(buf, rfc5769_request, sizeof(buf));
		buf[0] = (uint8_t)(type >> 8);
		buf[1] = (uint8_t)type;
		g_assert_cmpint(stun_peek_request(&peek, buf, sizeof(buf)), ==,
				type == 1 ? 0 : -EBADMSG);
	}
	for (size_t len = 0; len < sizeof(buf); len++)
		g_assert_cmpint(stun_peek_request(&peek, rfc5769_request, len), ==, -EBADMSG);
}

static void user_names_are_bounded(void)
{
	static const struct {
		size_t local_len, remote_len;
		int expected;
	} steps[] = {{4, 4, 0},	       {LIMIT_ICE_UFRAG_BYTES, LIMIT_ICE_UFRAG_BYTES, 0},
		     {0, 4, -EBADMSG}, {LIMIT_ICE_UFRAG_BYTES + 1, 4, -EBADMSG},
		     {4, 0, -EBADMSG}, {4, LIMIT_ICE_UFRAG_BYTES + 1, -EBADMSG}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		StunAgent client;
		StunMessage msg;
		struct stun_peek peek;
		uint8_t buf[512];
		g_autofree char *a = g_strnfill(steps[i].local_len, 'a');
		g_autofree char *b = g_strnfill(steps[i].remote_len, 'b');
		g_autofree char *name = g_strconcat(a, ":", b, NULL);

		stun_agent_init(&client, STUN_ALL_KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
				STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS);
		stun_agent_init_request(&client, &msg, buf, sizeof(buf), STUN_BINDING);
		stun_message_append_string(&msg, STUN_ATTRIBUTE_USERNAME, name);
		size_t len = stun_agent_finish_message(&client, &msg, (const uint8_t *)"x", 1);

		g_assert_cmpint(stun_peek_request(&peek, buf, len), ==, steps[i].expected);
	}
}

static void peeking_never_allocates(void)
{
	struct stun_peek peek;

	if (!alloc_count_works) {
		g_test_skip("the sanitizer owns the allocator");
		return;
	}
	uint64_t before = alloc_count;
	for (int i = 0; i < 1000; i++)
		(void)stun_peek_request(&peek, rfc5769_request, sizeof(rfc5769_request));
	g_assert_cmpuint(alloc_count - before, ==, 0);
}

/* GnuTLS, behind libnice's HMAC, takes memory within a call; none of it may stay. */
static void answering_keeps_no_memory(void)
{
	struct stun_request request;
	uint8_t reply[STUN_REPLY_BYTES];
	size_t reply_len;
	size_t before = 0;

	if (!alloc_count_works) {
		g_test_skip("the sanitizer owns the allocator");
		return;
	}
	for (int i = 0; i < 2000; i++) {
		const struct ice_credentials *with = i % 2 ? &rfc5769_local : &wrong_local;

		if (i == 1000) /* warm */
			before = mallinfo2().uordblks;
		(void)stun_answer_request(&request, rfc5769_request, sizeof(rfc5769_request), with,
					  &v4, reply, sizeof(reply), &reply_len);
	}
	g_assert_cmpuint(mallinfo2().uordblks, ==, before);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/stun/rfc5769_vector_is_read", rfc5769_vector_is_read);
	g_test_add_func("/stun/reply_names_the_mapped_address", reply_names_the_mapped_address);
	g_test_add_func("/stun/role_conflict_is_answered_487", role_conflict_is_answered_487);
	g_test_add_func("/stun/unknown_required_attribute_is_answered_420",
			unknown_required_attribute_is_answered_420);
	g_test_add_func("/stun/any_changed_byte_is_refused", any_changed_byte_is_refused);
	g_test_add_func("/stun/wrong_credentials_are_refused", wrong_credentials_are_refused);
	g_test_add_func("/stun/other_stun_messages_are_no_requests",
			other_stun_messages_are_no_requests);
	g_test_add_func("/stun/user_names_are_bounded", user_names_are_bounded);
	g_test_add_func("/stun/peeking_never_allocates", peeking_never_allocates);
	g_test_add_func("/stun/answering_keeps_no_memory", answering_keeps_no_memory);
	return g_test_run();
}
