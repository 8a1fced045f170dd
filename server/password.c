/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/password.h"

#include <argon2.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

/* OWASP's cheat sheet, the first of its equal choices with one lane: 46 MiB, one pass. */
#define MEMORY_KIB 47104
#define PASSES	   1
#define LANES	   1
#define SALT_BYTES 16
#define HASH_BYTES 32

/* A hash of nothing anybody knows, with the costs of all others: who has no account waits as long.
 * Salt and hash are any bytes. */
static const char nobody[] = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
			     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const char *password_fault(const char *password, const char *user)
{
	char *folded, *name;
	bool holds_name;

	if (!g_utf8_validate(password, -1, NULL))
		return "A password is text.";
	if (g_utf8_strlen(password, -1) < PASSWORD_MIN_CHARS)
		return "A password has 12 characters at least.";
	if (g_utf8_strlen(password, -1) > PASSWORD_MAX_CHARS)
		return "A password has 128 characters at most.";
	folded = g_utf8_casefold(password, -1);
	name = g_utf8_casefold(user, -1);
	holds_name = name[0] != '\0' && strstr(folded, name) != NULL;
	g_free(folded);
	g_free(name);
	if (holds_name)
		return "A password does not hold the user name.";
	if (strspn(password, (char[]){password[0], '\0'}) == strlen(password))
		return "A password is more than one character again and again.";
	return NULL;
}

int password_hash(char out[PASSWORD_HASH_BYTES], const char *password, struct rng *rng)
{
	uint8_t salt[SALT_BYTES];

	rng_bytes(rng, salt, sizeof(salt));
	return argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password, strlen(password), salt,
				     sizeof(salt), HASH_BYTES, out,
				     PASSWORD_HASH_BYTES) == ARGON2_OK
		       ? 0
		       : -ENOMEM;
}

bool password_verify(const char *hash, const char *password)
{
	bool is_somebody = hash[0] != '\0';
	int r = argon2id_verify(is_somebody ? hash : nobody, password, strlen(password));

	return is_somebody && r == ARGON2_OK;
}
