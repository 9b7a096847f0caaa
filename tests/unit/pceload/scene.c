#include "tests/unit/pceload/scene.h"

#include "bench/pceload/session/message.h"

#include <criterion/criterion.h>
#include <string.h>

void scene_init(struct scene *scene, const struct options *options)
{
    struct failure failure = {0};
    memset(scene, 0, sizeof *scene);
    scene->options = *options;
    scene->options.topology = PCED_SOURCE_DIR "/deploy/topologies/small.yaml";
    cr_assert_eq(network_init(&scene->network, &scene->options, &failure), PCE_OK, "%s",
                 failure.text);
    templates_make(&scene->templates, &scene->options, scene->network.is_v6);
    counter_set(&scene->stage.measure_until, STAGE_NEVER);
    struct worker *worker = &scene->worker;
    worker->given = (struct worker_given){.options = &scene->options,
                                          .network = &scene->network,
                                          .templates = &scene->templates,
                                          .stage = &scene->stage,
                                          .rings = 1};
    cr_assert(worker_init(worker));
    for (uint32_t i = 0; i < worker->table.count; i++)
        worker->table.pccs[i].state = PCC_UP;
}

void scene_fini(struct scene *scene)
{
    worker_fini(&scene->worker);
    network_fini(&scene->network);
}

void scene_at(struct scene *scene, uint64_t now_ns)
{
    scene->worker.now.ns = now_ns;
    if (load_read_stage(&scene->worker.load))
        pcc_table_mark_all(&scene->worker.table);
}

uint32_t scene_end(const struct scene *scene, const char *address)
{
    struct ip ip;
    cr_assert(ip_parse(address, &ip));
    uint32_t i = 0;
    while (i < scene->network.end_count &&
           memcmp(scene->network.ends[i].octets, ip.octets, sizeof ip.octets) != 0)
        i++;
    cr_assert_lt(i, scene->network.end_count, "no end %s", address);
    return i;
}

size_t scene_put(struct scene *scene, uint32_t number, uint8_t *to, size_t room)
{
    struct load_window *window = &scene->worker.table.pccs[number].window;
    return load_put_requests(&scene->worker.load, window, number, to, room);
}

struct load_request *scene_ask(struct scene *scene, uint32_t number, const char *from,
                               const char *to)
{
    uint8_t octets[TEMPLATE_SIZE];
    struct load *load = &scene->worker.load;
    struct load_window *window = &scene->worker.table.pccs[number].window;
    uint64_t before = window->free;
    cr_assert_gt(scene_put(scene, number, octets, sizeof octets), 0);
    uint64_t taken = before & ~window->free;
    struct load_request *request =
        &load->requests[number * load->window + (uint32_t)__builtin_ctzll(taken)];
    request->pair = (struct pair){scene_end(scene, from), scene_end(scene, to)};
    return request;
}

void scene_receive(struct scene *scene, uint32_t number, const uint8_t *octets, size_t size)
{
    struct pcc_table *table = &scene->worker.table;
    pcc_on_message(table, &table->pccs[number], octets, (uint32_t)size);
}

static size_t put_object(uint8_t *to, uint8_t class_, const uint8_t *body, size_t size)
{
    to[0] = class_;
    to[1] = 0x12;
    to[2] = (uint8_t)((size + 4) >> 8);
    to[3] = (uint8_t)(size + 4);
    if (size > 0)
        memcpy(to + 4, body, size);
    return size + 4;
}

size_t scene_reply(uint8_t *to, const struct reply *replies, unsigned count)
{
    static const uint8_t no_path[4] = {0};
    size_t size = 4;
    for (unsigned i = 0; i < count; i++) {
        uint32_t id = replies[i].id;
        uint8_t rp[8] = {
            0, 0, 0, 0, (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
        size += put_object(to + size, 2, rp, sizeof rp);
        if (replies[i].has_no_path)
            size += put_object(to + size, 3, no_path, sizeof no_path);
        if (replies[i].ero != NULL)
            size += put_object(to + size, 7, replies[i].ero, replies[i].ero_size);
    }
    to[0] = 0x20;
    to[1] = 4;
    to[2] = (uint8_t)(size >> 8);
    to[3] = (uint8_t)size;
    return size;
}

uint64_t scene_tally(const struct scene *scene, enum tally_kind kind)
{
    return scene->worker.results.tally.kinds[kind];
}
