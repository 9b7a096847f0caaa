/* Names: what the nodes of a graph are called in the network, each unlike all others.
 *
 * Thread: one. Owns: its table, until names_fini. Bound: a place for each node. */
#ifndef PCED_CORE_IMPORT_NAMES_H
#define PCED_CORE_IMPORT_NAMES_H

#include "core/import/graph.h"

struct names {
    struct graph *graph;
    struct slots labels; /* nodes, the first of each label */
};

void names_init(struct names *names, struct graph *graph);
void names_fini(struct names *names);

/* The name of a node: its label; its id, where it has none; its label with its id behind it, where
 * an earlier node has the label. Without control characters and no longer than a name may be. */
bool names_make(struct names *names, uint32_t node, char name[TED_NAME_SIZE_MAX + 1]);

/* Copies whole characters, as many as there is room for, control characters as blanks; true when
 * something was changed. */
bool names_copy(char *name, size_t room, const char *text);

#endif
