/* docs/TOPOLOGY.md says of every key what the reader does. */
#include "core/ted/topology_impl.h"
#include "core/ted/topology_scalar.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The section of a table: from its heading to the next one. */
static char *find_section(const char *text, const char *name)
{
    char heading[64];
    bool is_file = strcmp(name, "file") == 0;
    snprintf(heading, sizeof heading, "\n### %s%s\n", is_file ? "The " : "", name);
    const char *start = strstr(text, heading);
    cr_assert_not_null(start, "no section %s", name);
    start += strlen(heading);
    const char *end = strstr(start, "\n##");
    return end == NULL ? strdup(start) : strndup(start, (size_t)(end - start));
}

/* The line of the section's table that begins with the key; NULL when there is none. */
static char *find_line(const char *section, const char *key)
{
    char start[80];
    snprintf(start, sizeof start, "\n| `%s` |", key);
    const char *line = strstr(section, start);
    return line == NULL ? NULL : strndup(line + 1, strcspn(line + 1, "\n"));
}

static void expect_row(const struct topo_table *table, const struct topo_row *row, const char *line)
{
    char range[64];
    bool says_must = strstr(line, "| **must** |") != NULL;
    cr_expect_eq(says_must, row->is_mandatory, "%s: %s: mandatory", table->name, row->key);
    if (row->read != topo_read_u32 && row->read != topo_read_u8)
        return;
    snprintf(range, sizeof range, "| %llu-%llu |", (unsigned long long)row->min,
             (unsigned long long)row->max);
    cr_expect_not_null(strstr(line, range), "%s: %s: no %s", table->name, row->key, range);
}

Test(documentation, every_key_has_its_line_with_its_range)
{
    size_t size;
    char *text = read_file("docs/TOPOLOGY.md", &size);
    for (size_t i = 0; topo_tables[i] != NULL; i++) {
        const struct topo_table *table = topo_tables[i];
        /* `reverse` has the rows of the link, and names them. */
        bool is_reverse = table == &topo_reverse_table;
        char *section = find_section(text, table->name);
        for (uint32_t k = 0; k < table->row_count; k++) {
            char name[64];
            snprintf(name, sizeof name, "`%s`", table->rows[k].key);
            char *line = is_reverse ? NULL : find_line(section, table->rows[k].key);
            cr_expect_not_null(is_reverse ? strstr(section, name) : line, "%s: %s: not described",
                               table->name, table->rows[k].key);
            if (line != NULL)
                expect_row(table, &table->rows[k], line);
            free(line);
        }
        free(section);
    }
    free(text);
}

Test(documentation, no_line_describes_a_key_that_is_not_there)
{
    size_t size;
    char *text = read_file("docs/TOPOLOGY.md", &size);
    for (size_t i = 0; topo_tables[i] != NULL; i++) {
        char *section = find_section(text, topo_tables[i]->name);
        uint32_t line_count = 0;
        for (const char *at = section; (at = strstr(at, "\n| `")) != NULL; at++)
            line_count++;
        if (topo_tables[i] != &topo_reverse_table)
            cr_expect_eq(line_count, topo_tables[i]->row_count, "%s", topo_tables[i]->name);
        free(section);
    }
    free(text);
}
