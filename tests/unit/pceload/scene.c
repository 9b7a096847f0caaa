#include "tests/unit/pceload/scene.h"

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
    struct client *client = &scene->client;
    client->options = &scene->options;
    client->network = &scene->network;
    client->templates = &scene->templates;
    client->stage = &scene->stage;
    client->rings = 1;
    cr_assert(client_open_tables(client));
    picker_init(&client->picker, &scene->network, &scene->options, 0, 1);
    for (uint32_t i = 0; i < client->session_count; i++)
        client->sessions[i].state = SESSION_UP;
}

void scene_fini(struct scene *scene)
{
    client_close(&scene->client);
    network_fini(&scene->network);
}

void scene_at(struct scene *scene, uint64_t now_ns)
{
    scene->client.now_ns = now_ns;
    client_read_stage(&scene->client);
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

struct slot *scene_ask(struct scene *scene, uint32_t session, const char *from, const char *to)
{
    uint8_t octets[TEMPLATE_SIZE];
    struct client *client = &scene->client;
    uint64_t before = client->sessions[session].free_slots;
    cr_assert_gt(client_put_requests(client, &client->sessions[session], octets, sizeof octets), 0);
    uint64_t taken = before & ~client->sessions[session].free_slots;
    struct slot *slot = &client->slots[session * client->window + (uint32_t)__builtin_ctzll(taken)];
    slot->pair = (struct pair){scene_end(scene, from), scene_end(scene, to)};
    return slot;
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
    return scene->client.results->tally.kinds[kind];
}
