/* pcectl lsp deletions | forget: LSPs that were ordered to be deleted, until they are gone.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_LSP_DELETIONS_H
#define PCED_SERVER_PCECTL_LSP_DELETIONS_H

#include <stdio.h>

void lsp_deletions_print_usage(FILE *file);
/* argv[0] is the word; an exit code. */
int lsp_deletions_list(int argc, char **argv);
int lsp_deletions_forget(int argc, char **argv);

#endif
