/* pcectl lsp groups: LSPs whose paths depend on each other.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_LSP_GROUPS_H
#define PCED_SERVER_PCECTL_LSP_GROUPS_H

#include <stdio.h>

void lsp_groups_print_usage(FILE *file);
/* argv[0] is "groups". */
int lsp_groups_run(int argc, char **argv);

#endif
