#include "core/plan/demands.h"

#include "core/ted/topology_scalar.h"

#include <stdlib.h>

#define DEMAND_BITS_MAX 1000000000000000 /* per second: 1000T */

struct demand_file {
    const struct ted_snapshot *snapshot;
    struct plan_demand *demands;
    uint32_t count;
};

/* A demand as it is written. */
struct demand_row {
    char from[TED_NAME_SIZE_MAX + 1], to[TED_NAME_SIZE_MAX + 1];
    float octets_per_s;
};

enum { DEMAND_FROM, DEMAND_TO, DEMAND_BANDWIDTH };

static const struct topo_row demand_rows[] = {
    {"from", topo_read_name, offsetof(struct demand_row, from), 1, TED_NAME_SIZE_MAX, true},
    {"to", topo_read_name, offsetof(struct demand_row, to), 1, TED_NAME_SIZE_MAX, true},
    {"bandwidth", topo_read_bandwidth, offsetof(struct demand_row, octets_per_s), 0,
     DEMAND_BITS_MAX, true},
};
static const struct topo_table demand_table = {"demands", demand_rows, 3};

static bool demand_find(struct topo_reader *r, const struct ted_snapshot *snapshot,
                        struct topo_mark mark, const char *name, uint32_t *node)
{
    *node = ted_find_node_by_name(snapshot, name);
    return *node != TED_NONE ||
           topo_fail_at(r, mark, "", "the network has no node of the name \"%s\"", name);
}

/* item: into what topo_read_list grows, which begins at the file. */
static bool demand_read(struct topo_reader *r, const struct topo_row *row, void *item)
{
    (void)row;
    struct demand_file *file = item;
    struct plan_demand *demand = &file->demands[file->count];
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct demand_row read = {.octets_per_s = 0};
    if (!topo_read_mapping(r, &demand_table, &read, marks) ||
        !demand_find(r, file->snapshot, marks[DEMAND_FROM], read.from, &demand->from) ||
        !demand_find(r, file->snapshot, marks[DEMAND_TO], read.to, &demand->to))
        return false;
    if (demand->from == demand->to)
        return topo_fail_at(r, marks[DEMAND_TO], "to", "is the node that it comes from");
    if (!(read.octets_per_s > 0))
        return topo_fail_at(r, marks[DEMAND_BANDWIDTH], "bandwidth", "must be above 0");
    demand->octets_per_s = (double)read.octets_per_s;
    return true;
}

/* Items have no size of their own: each is read into the file itself. */
static bool demands_read_list(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct demand_file *file = field;
    return topo_read_list(r, row,
                          (struct topo_list){file, 0, PLAN_DEMANDS_MAX, &file->count, demand_read});
}

static const struct topo_row demand_file_rows[] = {{"demands", demands_read_list, 0, 0, 0, true}};
static const struct topo_table demand_file_table = {"file", demand_file_rows, 1};

enum pce_status demands_read(const char *text, size_t size, const struct ted_snapshot *snapshot,
                             struct demand_list *demands, struct ted_fault *fault)
{
    struct topo_reader reader;
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct demand_file file = {.snapshot = snapshot,
                               .demands = calloc(PLAN_DEMANDS_MAX, sizeof *file.demands)};
    *demands = (struct demand_list){.all = NULL};
    if (file.demands == NULL || topo_init(&reader, text, size, fault) != PCE_OK) {
        free(file.demands);
        *fault = (struct ted_fault){.reason = "no memory to read demands"};
        return PCE_NO_MEMORY;
    }
    bool is_read = topo_read_document(&reader, &demand_file_table, &file, marks);
    enum pce_status status = is_read ? PCE_OK : reader.status;
    topo_fini(&reader);
    if (status == PCE_OK)
        *demands = (struct demand_list){file.demands, file.count};
    else
        free(file.demands);
    return status;
}
