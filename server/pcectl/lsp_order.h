/* pcectl lsp return | resync | control | delete | adopt | reoptimise, and pcectl lsp orders.
 *
 * Thread: the only one. Owns: nothing. Bound: LSP_ORDER_WAIT_S. */
#ifndef PCED_SERVER_PCECTL_LSP_ORDER_H
#define PCED_SERVER_PCECTL_LSP_ORDER_H

#include <stdbool.h>
#include <stdio.h>

/* How long the outcome is waited for: a router that says nothing has said so after 5 s. */
#define LSP_ORDER_WAIT_S 20

void lsp_order_print_usage(FILE *file);
/* Whether the word names an order. */
bool lsp_order_is_one(const char *word);
/* argv[0] is that word. */
int lsp_order_run(int argc, char **argv);
/* The list of orders. */
int lsp_order_list(int argc, char **argv);
/* "bind": a binding label or SID. */
int lsp_order_bind(int argc, char **argv);

#endif
