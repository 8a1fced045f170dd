/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/token.h"

#include <glib.h>
#include <string.h>

static void fill_ff(struct rng *rng, void *buf, size_t len)
{
	memset(buf, 0xff, len);
}

static void fill_count(struct rng *rng, void *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((unsigned char *)buf)[i] = (unsigned char)i;
}

static void tokens_are_base64url_of_128_bits(void)
{
	struct rng ones = {.fill = fill_ff};
	struct rng count = {.fill = fill_count};
	char text[TOKEN_TEXT + 1];

	token_new(&ones, text);
	g_assert_cmpstr(text, ==, "_____________________w");
	/* The same bytes by GLib's encoder: AAECAwQFBgcICQoLDA0ODw== */
	token_new(&count, text);
	g_assert_cmpstr(text, ==, "AAECAwQFBgcICQoLDA0ODw");
}

static void every_new_token_is_valid_and_differs(void)
{
	struct rng rng = rng_seeded(7);
	char text[2][TOKEN_TEXT + 1] = {"", ""};

	for (int i = 0; i < 1000; i++) {
		token_new(&rng, text[i & 1]);
		g_assert_true(token_is_valid(text[i & 1]));
		g_assert_cmpstr(text[0], !=, text[1]);
	}
}

static void only_the_canonical_form_is_valid(void)
{
	static const struct {
		const char *text;
		bool valid;
	} steps[] = {
		{"pLq3mO0a9RkYt2bVx7cZ1g", true},
		{"pLq3mO0a9RkYt2bVx7cZ1h", false},
		{"pLq3mO0a9RkYt2bVx7cZ1", false},
		{"pLq3mO0a9RkYt2bVx7cZ1gA", false},
		{"pLq3mO0a9RkYt2bVx7cZ+g", false},
		{"pLq3mO0a9RkYt2bVx7cZ g", false},
		{"", false},
		{NULL, false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpint(token_is_valid(steps[i].text), ==, steps[i].valid);
}

static void equality_looks_at_every_character(void)
{
	char a[] = "pLq3mO0a9RkYt2bVx7cZ1g";
	char b[] = "pLq3mO0a9RkYt2bVx7cZ1g";

	g_assert_true(token_equal(a, b));
	for (size_t i = 0; i < TOKEN_TEXT; i++) {
		b[i] ^= 1;
		g_assert_false(token_equal(a, b));
		b[i] ^= 1;
	}
}

static void ids_have_the_length_asked_for(void)
{
	struct rng rng = rng_seeded(3);
	char id[9];

	token_id_new(&rng, id, 8);
	g_assert_cmpuint(strlen(id), ==, 8);
	g_assert_cmpuint(
		strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), ==,
		8);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token/tokens_are_base64url_of_128_bits",
			tokens_are_base64url_of_128_bits);
	g_test_add_func("/token/every_new_token_is_valid_and_differs",
			every_new_token_is_valid_and_differs);
	g_test_add_func("/token/only_the_canonical_form_is_valid",
			only_the_canonical_form_is_valid);
	g_test_add_func("/token/equality_looks_at_every_character",
			equality_looks_at_every_character);
	g_test_add_func("/token/ids_have_the_length_asked_for", ids_have_the_length_asked_for);
	return g_test_run();
}
