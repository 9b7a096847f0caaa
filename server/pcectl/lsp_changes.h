/* pcectl lsp changes: what has happened to LSPs, and with --follow what happens.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_LSP_CHANGES_H
#define PCED_SERVER_PCECTL_LSP_CHANGES_H

#include <stdio.h>

void lsp_changes_print_usage(FILE *file);
/* argv[0] is "changes". */
int lsp_changes_run(int argc, char **argv);

#endif
