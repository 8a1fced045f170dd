/* SPDX-License-Identifier: EUPL-1.2 */
/* Why vidd ended, for scripts and service managers; docs/operations.md lists them. */
#ifndef VIDD_SERVER_EXIT_CODE_H
#define VIDD_SERVER_EXIT_CODE_H

enum exit_code {
	EXIT_CODE_OK = 0,
	EXIT_CODE_FAILED = 1,	   /* anything without a code of its own: memory, threads */
	EXIT_CODE_CONFIG = 2,	   /* a flag, key or value is wrong */
	EXIT_CODE_PORT_TAKEN = 3,  /* another program has the HTTPS or a media port */
	EXIT_CODE_DATABASE = 4,	   /* locked by another Vidd, broken, or of a newer version */
	EXIT_CODE_PERMISSION = 5,  /* a port, directory or file is not ours to use */
	EXIT_CODE_CERTIFICATE = 6, /* certificate or key cannot be read or do not fit */
};

#endif
