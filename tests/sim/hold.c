/* A peer that reads slowly or not at all, over the send-hold time, in the clock of the simulation:
 * how fast the machine is does not matter.
 *
 * The peer asks until it is not read any more, and then takes nothing, a whole message now and
 * then, or octets that never make one. Exit code 1 and what did not hold on a failure. */
#include "core/base/check.h"
#include "tests/sim/client.h"
#include "tests/sim/messages.h"
#include "tests/sim/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIG_TIGHT  1 /* send-hold: 10, send-hold-sample: 1 */
#define HOLD_S        10
#define WINDOW        4096
#define WINDOW_LARGE  (1 << 20) /* the kernel takes all, and nothing waits in a queue of ours */
#define RESET_MS      2000
#define REQUESTS_MAX  100000
#define PAUSE_MS      3000
#define HOLDS_WATCHED 6
#define PEER          "10.1.2.3"
#define KEEPALIVE_S   20

struct rig {
    struct world *world;
    struct client client;
};

static void expect(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "hold: %s\n", what);
    exit(1);
}

static const struct shard_counters *counters(const struct rig *rig)
{
    return &rig->world->shared.shards[0].counters;
}

static bool is_stalled(const struct rig *rig)
{
    return counter_get(&counters(rig)->stalled) != 0;
}

static void pass_ms(struct rig *rig, uint32_t ms)
{
    world_run(rig->world, mono_add_ms(sim_now(), ms));
}

static void send_seed(struct rig *rig, enum message_key key)
{
    struct wire_span message = message_seed((uint16_t)key);
    client_send(&rig->client, message.octets, message.size);
}

/* A session whose answers fill all that there is room for. */
static void open_rig(struct rig *rig, uint32_t window)
{
    const struct world_options options = {.seed = 1, .shard_count = 1, .config = CONFIG_TIGHT};
    struct ip from;
    CHECK(ip_parse(PEER, &from));
    *rig = (struct rig){.world = world_open(&options)};
    sim_knobs()->window = window;
    client_open(&rig->client, world_listener(rig->world, IP_V4, 0), &from, 50000);
    client_greet(&rig->client, MESSAGE_OPEN);
    world_settle(rig->world);
    expect(rig->client.is_up, "there is no session");
    sim_set_reading(rig->client.socket, 0);
    unsigned count = 0;
    while (counter_get(&counters(rig)->paused_now) == 0) {
        expect(++count < REQUESTS_MAX, "a peer that takes nothing is read for ever");
        send_seed(rig, MESSAGE_PCREQ);
        world_settle(rig->world);
    }
    expect(!is_stalled(rig), "a peer is stalled before its time");
}

static void close_rig(struct rig *rig)
{
    client_drop(&rig->client);
    world_end(rig->world);
    world_close(rig->world);
}

/* Each PAUSE_MS so many octets, for several hold times; how long it lived. */
static uint32_t live(struct rig *rig, size_t octets)
{
    uint32_t ms = 0;
    open_rig(rig, WINDOW);
    while (!is_stalled(rig) && ms < HOLDS_WATCHED * HOLD_S * 1000) {
        sim_set_reading(rig->client.socket, octets);
        if (ms % (KEEPALIVE_S * 1000) < PAUSE_MS)
            send_seed(rig, MESSAGE_KEEPALIVE);
        pass_ms(rig, PAUSE_MS);
        ms += PAUSE_MS;
    }
    return ms;
}

/* Nothing is sent to it and nothing is read from it. */
static void end_while_paused(struct rig *rig)
{
    open_rig(rig, WINDOW_LARGE);
    sim_reset(rig->client.socket, ECONNRESET);
    pass_ms(rig, RESET_MS);
    expect(counter_get(&counters(rig)->sessions_up) == 0,
           "a paused peer that has reset its connection is still taken as up");
    expect(!is_stalled(rig), "a paused peer that has reset its connection is taken as stalled");
}

int main(void)
{
    struct rig rig;
    (void)message_seed_count(); /* read before allocations are counted */
    uint32_t ms = live(&rig, 0);
    expect(is_stalled(&rig) && ms >= HOLD_S * 1000 && ms < 2 * HOLD_S * 1000,
           "one that takes nothing is not stalled after the hold time");
    close_rig(&rig);
    printf("one that takes nothing is stalled within %u ms\n", ms);

    ms = live(&rig, 256);
    expect(!is_stalled(&rig) && !rig.client.is_over && !rig.client.has_closed,
           "one that takes a message now and then does not live");
    expect(rig.client.answers > 0, "one that takes a message now and then got none");
    printf("one that takes a message now and then lives for %u ms, and got %u answers\n", ms,
           rig.client.answers);
    close_rig(&rig);

    ms = live(&rig, 1);
    expect(is_stalled(&rig), "one that takes octets that make no message is not stalled");
    printf("one that takes an octet now and then is stalled within %u ms\n", ms);
    close_rig(&rig);

    end_while_paused(&rig);
    printf("one that resets its connection while it is paused has ended within %u ms\n", RESET_MS);
    close_rig(&rig);
    return 0;
}
