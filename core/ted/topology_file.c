#include "core/ted/topology_file.h"

#include "core/base/check.h"
#include "core/ted/topology_impl.h"
#include "core/ted/topology_scalar.h"

#include <stdlib.h>
#include <string.h>

#define IGP_METRIC_DEFAULT 10 /* as IS-IS has it */

static const struct topo_row network_rows[] = {
    {"name", topo_read_name, offsetof(struct topo_file, network_name), 0, TED_NAME_SIZE_MAX, false},
};
static const struct topo_table network_table = {"network", network_rows, 1};

#define D(field) offsetof(struct topo_defaults, field)
static const struct topo_row defaults_rows[] = {
    {"srgb", topo_read_srgbs, D(srgbs), 0, 0, false},
    {"node-msd", topo_read_u8, D(msd), 0, 255, false},
    {"srv6-structure", topo_read_structure, D(structure), 0, 128, false},
    {"igp-metric", topo_read_u32, D(igp_metric), 0, TOPO_METRIC_MAX, false},
    {"te-metric", topo_read_u32, D(te_metric), 0, UINT32_MAX, false},
    {"delay", topo_read_delay, D(delay_us), 0, TOPO_DELAY_US_MAX, false},
    {"capacity", topo_read_bandwidth, D(capacity), 0, TOPO_BANDWIDTH_MAX, false},
    {"admin-group", topo_read_admin_group, D(admin_group), 0, UINT32_MAX, false},
    {"srv6-msd", topo_read_u8, D(srv6_msd), 0, 255, false},
};
enum { DEFAULT_TE_METRIC = 4 };
static const struct topo_table defaults_table = {"defaults", defaults_rows,
                                                 sizeof defaults_rows / sizeof defaults_rows[0]};

static bool read_network(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_mark marks[TOPO_ROWS_MAX];
    return topo_read_mapping(r, &network_table, field, marks);
}

enum { ROW_NETWORK, ROW_DEFAULTS, ROW_NODES, ROW_LINKS };

static bool read_defaults(struct topo_reader *r, const struct topo_row *row, void *field)
{
    CHECK(strcmp(defaults_rows[DEFAULT_TE_METRIC].key, "te-metric") == 0);
    (void)row;
    struct topo_file *file = field;
    struct topo_mark marks[TOPO_ROWS_MAX];
    if (file->marks[ROW_NODES].line != 0 || file->marks[ROW_LINKS].line != 0)
        return topo_fail_at(r, file->marks[ROW_DEFAULTS], "", "must come before nodes and links");
    if (!topo_read_mapping(r, &defaults_table, &file->defaults, marks))
        return false;
    file->defaults.has_te_metric = marks[DEFAULT_TE_METRIC].line != 0;
    return true;
}

/* Nodes and links go to the builder one by one: there is no list to fill, only a count to bound. */
static bool read_nodes(struct topo_reader *r, const struct topo_row *row, void *field)
{
    uint32_t count = 0;
    return topo_read_list(r, row,
                          (struct topo_list){field, 0, TED_NODES_MAX, &count, topo_read_node});
}

static bool topology_read_links(struct topo_reader *r, const struct topo_row *row, void *field)
{
    const struct topo_file *file = field;
    uint32_t count = 0;
    if (file->marks[ROW_NODES].line == 0)
        return topo_fail_at(r, file->marks[ROW_LINKS], "", "must come after nodes");
    return topo_read_list(r, row,
                          (struct topo_list){field, 0, TED_LINKS_MAX, &count, topo_read_link});
}

static const struct topo_row file_rows[] = {
    {"network", read_network, 0, 0, 0, false},
    {"defaults", read_defaults, 0, 0, 0, false},
    {"nodes", read_nodes, 0, 1, TED_NODES_MAX, true},
    {"links", topology_read_links, 0, 0, TED_LINKS_MAX, false},
};
static const struct topo_table file_table = {"file", file_rows, 4};

const struct topo_table *const topo_tables[] = {
    &file_table,
    &network_table,
    &defaults_table,
    &topo_node_table,
    &topo_srgb_table,
    &topo_srv6_sid_table,
    &topo_prefix_sid_table,
    &topo_flex_table,
    &topo_link_table,
    &topo_reverse_table,
    &topo_adj_sid_table,
    &topo_flex_link_table,
    NULL,
};

static bool read_document(struct topo_reader *r, struct topo_file *file)
{
    if (!topo_read_document(r, &file_table, file, file->marks))
        return false;
    if (file->builder->nodes.count == 0)
        return topo_fail_at(r, file->marks[ROW_NODES], "nodes", "there is none");
    memcpy(file->builder->network_name, file->network_name, sizeof file->network_name);
    return true;
}

static struct topo_file *create_file(void)
{
    struct topo_file *file = calloc(1, sizeof *file);
    if (file == NULL)
        return NULL;
    file->defaults.igp_metric = IGP_METRIC_DEFAULT;
    ted_array_init(&file->labels, sizeof(struct topo_label));
    file->builder = ted_builder_create("");
    if (file->builder != NULL)
        return file;
    free(file);
    return NULL;
}

static void destroy_file(struct topo_file *file)
{
    ted_builder_destroy(file->builder);
    ted_array_fini(&file->labels);
    slots_fini(&file->label_index);
    free(file);
}

enum pce_status topology_file_read(const char *text, size_t size, struct ted_snapshot **snapshot,
                                   struct ted_fault *fault)
{
    struct topo_reader reader;
    if (size > TOPOLOGY_FILE_SIZE_MAX)
        return ted_fault_set(fault, PCE_LIMIT, "", "the file has more than %zu octets",
                             TOPOLOGY_FILE_SIZE_MAX);
    struct topo_file *file = create_file();
    if (file == NULL)
        return ted_fault_set(fault, PCE_NO_MEMORY, "", "no memory to read the file");
    enum pce_status status = topo_init(&reader, text, size, fault);
    if (status != PCE_OK) {
        destroy_file(file);
        return ted_fault_set(fault, status, "", "no memory to read the file");
    }
    status = read_document(&reader, file) ? PCE_OK : reader.status;
    topo_fini(&reader);
    if (status == PCE_OK)
        status = ted_builder_snapshot(file->builder, snapshot, fault);
    destroy_file(file);
    return status;
}
