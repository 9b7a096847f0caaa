/* Forms: how the value of each kind of row is written, beside the read functions of the rows.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_TED_TOPOLOGY_FORMS_H
#define PCED_CORE_TED_TOPOLOGY_FORMS_H

#include "core/ted/topology_impl.h"
#include "core/ted/topology_text.h"

/* Writes the value of a row. field: what the read function of the row fills. */
typedef void topo_write_fn(struct topo_text *text, const struct topo_row *row, const void *field);
/* Whether it is worth writing: it is not what a reader assumes. */
typedef bool topo_is_there_fn(const void *field);

struct topo_form {
    topo_write_fn *write;
    topo_is_there_fn *is_there;
};

/* The form of a row; NULL: none was made for it (a test finds it). */
const struct topo_form *topo_form_of(const struct topo_table *table, const struct topo_row *row);

/* {key: value, …}: the rows whose places in `given` are true. */
void topo_write_mapping(struct topo_text *text, const struct topo_table *table, const void *target,
                        const bool given[TOPO_ROWS_MAX]);
/* The value of one row of what the table fills. */
void topo_write_row(struct topo_text *text, const struct topo_table *table,
                    const struct topo_row *row, const void *target);
/* Which rows are worth writing, as their forms say. */
void topo_find_given(const struct topo_table *table, const void *target, bool given[TOPO_ROWS_MAX]);

#endif
