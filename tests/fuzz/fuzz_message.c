/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a message. What can be read can be written, and reads the same then. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/message.h"
#include "tests/fuzz/fuzz.h"

static void read_and_write(enum message_side side, const uint8_t *data, size_t size)
{
	struct message first, second;
	struct message_error error;
	char *text, *again;

	if (message_parse(&first, side, (const char *)data, size, &error) != 0) {
		assert(error.text[0] != '\0');
		return;
	}
	text = message_build(&first);
	assert(text != NULL);
	/* Written shortest it may be larger only by escapes; those can pass the limit. */
	if (strlen(text) <= LIMIT_MESSAGE_BYTES) {
		assert(message_parse(&second, side, text, strlen(text), &error) == 0);
		again = message_build(&second);
		assert(strcmp(text, again) == 0);
		free(again);
		message_close(&second);
	}
	free(text);
	message_close(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_and_write(MESSAGE_OF_CLIENT, data, size);
	read_and_write(MESSAGE_OF_SERVER, data, size);
	return 0;
}
