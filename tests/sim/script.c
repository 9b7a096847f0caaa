#include "tests/sim/script.h"

#include "core/base/check.h"
#include "core/base/wire.h"
#include "tests/sim/client.h"
#include "tests/sim/memory.h"
#include "tests/sim/messages.h"
#include "tests/sim/script_steps.h"
#include "tests/sim/world.h"

#include <errno.h>
#include <liburing.h>
#include <string.h>

#define CLIENTS_MAX      64  /* that a script names */
#define CROWD_MAX        600 /* that only come */
#define WITNESS_PAUSE_S  10  /* between two of its requests */
#define WITNESS_ANSWER_S 5
#define HEAD_SIZE        10

struct script {
    struct world *world;
    struct client clients[CLIENTS_MAX];
    struct client *crowd;
    unsigned crowd_count;
    struct client witness;
    bool is_excused; /* the witness may be harmed: what was ordered says so */
    bool is_asking;
    struct mono asked_at;
    uint32_t answers_before;
    unsigned dial; /* what becomes of connections that the server opens */
    uint16_t next_port;
};

static struct script_figures figures;
static uint8_t message[MESSAGE_MAX + 4];

struct script_figures script_figures(void)
{
    return figures;
}

/* ---- addresses ---- */

/* Many share a prefix; 0 … 127 are IPv4, the others IPv6. */
static struct ip address_of(uint8_t number)
{
    uint8_t octets[16] = {0x20, 1, 0x0d, 0xb8, 0, 0x10, 0, number % 3 == 0};
    const uint8_t v4[4] = {10, 0, number / 32, (uint8_t)(1 + number % 32)};
    octets[15] = (uint8_t)(number - 127);
    return number < 128 ? ip_from_v4(v4) : ip_from_v6(octets);
}

static void open_client(struct script *script, struct client *client, const struct ip *from,
                        bool goes_astray)
{
    struct world *world = script->world;
    unsigned shard = world_shard_of(world, from);
    if (goes_astray)
        shard = (shard + 1) % world->shard_count;
    client_drop(client);
    client_open(client, world_listener(world, (enum ip_family)from->family, shard), from,
                ++script->next_port);
    figures.connections++;
}

/* ---- the witness ---- */

static bool is_excused(const struct script *script)
{
    return script->is_excused || script->world->is_stopping || sim_memory_failures() > 0;
}

static void witness_ask(struct script *script)
{
    struct client *witness = &script->witness;
    struct wire_span request = message_seed(MESSAGE_PCREQ);
    script->is_asking = true;
    script->asked_at = sim_now();
    script->answers_before = witness->answers;
    client_send(witness, request.octets, request.size);
}

static void witness_begin(struct script *script)
{
    struct ip from;
    CHECK(ip_parse(WORLD_WITNESS_V4, &from));
    open_client(script, &script->witness, &from, false);
    script->witness.is_lively = true;
    client_greet(&script->witness, MESSAGE_OPEN);
    world_run(script->world, mono_add_ms(sim_now(), 100));
    CHECK(script->witness.is_up && !script->witness.is_over);
    witness_ask(script);
}

/* Its requests follow each other at a distance; each is answered soon. */
static void witness_look(struct script *script)
{
    const struct client *witness = &script->witness;
    if (is_excused(script))
        return;
    CHECK(witness->is_up && !witness->is_over && !witness->has_closed);
    if (script->world->holds_computations) {
        script->asked_at = sim_now();
    } else if (script->is_asking && witness->answers > script->answers_before) {
        script->is_asking = false;
        figures.witness_answers++;
    } else if (script->is_asking) {
        CHECK(mono_is_before(sim_now(), mono_add_s(script->asked_at, WITNESS_ANSWER_S + 1)));
    } else if (!mono_is_before(sim_now(), mono_add_s(script->asked_at, WITNESS_PAUSE_S))) {
        witness_ask(script);
    }
}

static void on_time(void *context)
{
    witness_look(context);
}

static void run_for(struct script *script, uint64_t ms)
{
    world_run(script->world, mono_add_ms(sim_now(), ms));
}

/* ---- connections that the server opens ---- */

enum dial { DIAL_ACCEPT, DIAL_GREET, DIAL_REFUSE, DIAL_HANG, DIAL_COUNT };

static void on_dial(void *context, struct sim_socket *socket)
{
    struct script *script = context;
    struct client *client = &script->clients[script->next_port++ % CLIENTS_MAX];
    client_drop(client);
    switch ((enum dial)script->dial) {
    case DIAL_ACCEPT:
        client_take(client, socket);
        break;
    case DIAL_GREET:
        client_take(client, socket);
        client->is_lively = true;
        client_greet(client, MESSAGE_OPEN_STATEFUL);
        break;
    case DIAL_REFUSE:
    case DIAL_COUNT:
        sim_dial_refuse(socket, ECONNREFUSED);
        client->socket = socket;
        break;
    case DIAL_HANG:
        client->socket = socket;
        break;
    }
}

/* ---- the steps ---- */

static struct client *client_of(struct script *script, struct wire_reader *reader)
{
    return &script->clients[wire_u8(reader) % CLIENTS_MAX];
}

static void step_connect(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    struct ip from = address_of(wire_u8(reader));
    open_client(script, client, &from, false);
}

static void step_up(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    struct ip from = address_of(wire_u8(reader));
    uint8_t how = wire_u8(reader);
    open_client(script, client, &from, (how & 4) != 0);
    client->is_lively = (how & 1) != 0;
    client_greet(client, (how & 2) != 0 ? MESSAGE_OPEN : MESSAGE_OPEN_STATEFUL);
    (void)world_turn(script->world);
}

static void step_seed(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    uint16_t key = wire_u16(reader);
    uint16_t change = wire_u16(reader);
    client_send(client, message, message_write(key, change, message));
}

/* The same in two pieces, with turns between them. */
static void step_split(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    uint16_t key = wire_u16(reader);
    uint16_t change = wire_u16(reader);
    size_t at = wire_u8(reader);
    size_t size = message_write(key, change, message);
    at = at < size ? at : size / 2;
    client_send(client, message, at);
    (void)world_turn(script->world);
    (void)world_turn(script->world);
    size = message_write(key, change, message); /* another may have used it meanwhile */
    client_send(client, message + at, size - at);
}

static void step_burst(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    uint16_t key = wire_u16(reader);
    uint8_t count = wire_u8(reader);
    struct wire_span seed = message_seed(key);
    if (seed.size > 1024)
        count /= 16;
    for (unsigned i = 0; i < count; i++) {
        memcpy(message, seed.octets, seed.size);
        if (seed.octets[1] == 3 && seed.size >= 16) /* PCReq: the RP comes first */
            message[15] = (uint8_t)i;
        client_send(client, message, seed.size);
    }
}

static void step_raw(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    struct wire_reader octets = wire_sub(reader, wire_u16(reader));
    client_send(client, octets.at, wire_left(&octets));
}

/* A message whose header is right, whatever its body is. */
static void step_body(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    uint8_t type = wire_u8(reader);
    struct wire_reader body = wire_sub(reader, 4 * (size_t)wire_u8(reader));
    size_t size = wire_left(&body);
    message[0] = 0x20;
    message[1] = type;
    message[2] = (uint8_t)((size + 4) >> 8);
    message[3] = (uint8_t)(size + 4);
    memcpy(message + 4, body.at, size);
    client_send(client, message, size + 4);
}

static void step_fin(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    if (client->socket != NULL)
        sim_fin(client->socket);
}

static void step_reset(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    uint8_t how = wire_u8(reader);
    if (client->socket != NULL)
        sim_reset(client->socket, how % 2 == 0 ? ECONNRESET : ETIMEDOUT);
}

static void step_drop(struct script *script, struct wire_reader *reader)
{
    client_drop(client_of(script, reader));
}

static void step_read(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    uint8_t amount = wire_u8(reader);
    if (client->socket != NULL)
        sim_set_reading(client->socket, amount == 255 ? SIZE_MAX : 16 * (size_t)amount);
}

static void step_vanish(struct script *script, struct wire_reader *reader)
{
    struct client *client = client_of(script, reader);
    if (client->socket != NULL)
        sim_vanish(client->socket);
}

static void step_turns(struct script *script, struct wire_reader *reader)
{
    for (unsigned i = wire_u8(reader) % 8; i < 8; i++)
        (void)world_turn(script->world);
}

static void step_settle(struct script *script, struct wire_reader *reader)
{
    (void)reader;
    world_settle(script->world);
}

static void step_time(struct script *script, struct wire_reader *reader)
{
    run_for(script, wire_u16(reader));
}

static void step_leap(struct script *script, struct wire_reader *reader)
{
    static const uint16_t leaps_s[] = {1, 2, 5, 10, 30, 61, 121, 600, 3600};
    run_for(script, 1000 * (uint64_t)leaps_s[wire_u8(reader) % 9]);
}

static void step_config(struct script *script, struct wire_reader *reader)
{
    world_publish_config(script->world, wire_u8(reader));
}

static void step_topology(struct script *script, struct wire_reader *reader)
{
    world_publish_topology(script->world, wire_u8(reader));
}

static void step_memory(struct script *script, struct wire_reader *reader)
{
    uint16_t skip = wire_u16(reader);
    uint8_t count = wire_u8(reader);
    script->is_excused = true;
    sim_memory_fail(skip, count);
}

static void step_order(struct script *script, struct wire_reader *reader)
{
    uint8_t how = wire_u8(reader);
    (void)script;
    sim_knobs()->delay_max = how & 3;
    sim_knobs()->is_disordered = (how & 4) != 0;
}

static void step_amounts(struct script *script, struct wire_reader *reader)
{
    static const uint16_t amounts[] = {0, 1, 3, 4, 7, 64, 1000, 4096};
    struct sim_knobs *knobs = sim_knobs();
    (void)script;
    knobs->send_max = amounts[wire_u8(reader) % 8];
    knobs->receive_max = amounts[wire_u8(reader) % 8];
    knobs->window = 1 + 257 * (uint32_t)wire_u8(reader);
}

static void step_refuse(struct script *script, struct wire_reader *reader)
{
    static const uint8_t opcodes[] = {IORING_OP_RECV,         IORING_OP_SEND,
                                      IORING_OP_SENDMSG,      IORING_OP_ACCEPT,
                                      IORING_OP_CONNECT,      IORING_OP_URING_CMD,
                                      IORING_OP_POLL_ADD,     IORING_OP_SHUTDOWN,
                                      IORING_OP_FILES_UPDATE, 54 /* FIXED_FD_INSTALL */};
    static const int errors[] = {EINTR,  EAGAIN, ENOMEM,     ENOBUFS,
                                 EMFILE, ENFILE, ECONNRESET, ETIMEDOUT};
    struct sim_knobs *knobs = sim_knobs();
    knobs->refuse_opcode = opcodes[wire_u8(reader) % sizeof opcodes];
    knobs->refuse_error = errors[wire_u8(reader) % 8];
    knobs->refuse_next = wire_u8(reader) % 8;
    script->is_excused = true;
}

static void step_submit(struct script *script, struct wire_reader *reader)
{
    (void)script;
    sim_knobs()->refuse_submit = wire_u8(reader) % 64;
}

static void step_files(struct script *script, struct wire_reader *reader)
{
    (void)script;
    sim_knobs()->files_max = wire_u8(reader) % 128;
}

static void step_ask(struct script *script, struct wire_reader *reader)
{
    uint8_t how = wire_u8(reader);
    struct session_name name = {.address = address_of(wire_u8(reader))};
    struct world *world = script->world;
    struct envelope_what what = envelope_view(VIEW_SESSION);
    union world_argument argument = {.lookup = {.name = name}};
    if ((how & 3) == 0) {
        what = envelope_view(VIEW_SESSION_LIST);
        argument.list = (struct session_list){
            .filter = {.state = SESSION_STATE_COUNT, .has_progress_age_min = (how >> 2) % 16 == 1},
            .sort = {.key = (how >> 4) % (SESSION_KEY_PROGRESS_AGE + 1), .is_descending = how & 8},
            .rank_end = SESSION_RANK_END,
        };
    } else if ((how & 3) == 2) {
        what = envelope_order(ORDER_SESSION_CLOSE);
        argument.closing = (struct session_closing){.name = name, .reason = (uint8_t)(1 + how % 5)};
    }
    for (unsigned i = 0; i < world->shard_count; i++)
        world_ask(world, i, what, &argument);
}

static void drop_crowd(struct script *script)
{
    for (unsigned i = 0; i < script->crowd_count; i++)
        client_drop(&script->crowd[i]);
    script->crowd_count = 0;
}

/* Connections that say nothing, all at once. */
static void step_crowd(struct script *script, struct wire_reader *reader)
{
    struct ip from = address_of(wire_u8(reader));
    unsigned count = wire_u8(reader);
    if (count == 0)
        drop_crowd(script);
    for (unsigned i = 0; i < count && script->crowd_count < CROWD_MAX; i++)
        open_client(script, &script->crowd[script->crowd_count++], &from, false);
}

static void step_compute(struct script *script, struct wire_reader *reader)
{
    uint8_t how = wire_u8(reader);
    script->world->holds_computations = (how & 1) != 0;
    script->world->refuse_computations = how >> 4;
}

static void step_dial(struct script *script, struct wire_reader *reader)
{
    script->dial = wire_u8(reader) % DIAL_COUNT;
}

static void step_stop(struct script *script, struct wire_reader *reader)
{
    world_stop(script->world, 10 * (uint32_t)wire_u8(reader));
}

typedef void step_fn(struct script *script, struct wire_reader *reader);

static step_fn *const steps[SCRIPT_STEP_COUNT] = {
#define STEP(name, function, arguments, weight) [SCRIPT_STEP_##name] = step_##function,
    SCRIPT_STEPS(STEP)
#undef STEP
};

/* ---- a run ---- */

static struct world_options read_head(struct wire_reader *reader)
{
    uint8_t flags = wire_u8(reader);
    struct world_options options = {
        .shard_count = (flags & 1) != 0 ? 2 : 1,
        .no_direct = (flags & 2) != 0,
        .listens_any = (flags & 4) != 0,
        .config = wire_u8(reader),
        .topology = wire_u8(reader),
    };
    options.seed = wire_u32(reader);
    options.fail_skip = wire_u16(reader);
    options.fail_count = wire_u8(reader);
    return options;
}

static void run_steps(struct script *script, struct wire_reader *reader)
{
    for (unsigned i = 0; i < SCRIPT_STEPS_MAX && wire_left(reader) > 0; i++) {
        steps[wire_u8(reader) % SCRIPT_STEP_COUNT](script, reader);
        figures.steps++;
    }
}

static void run_script(struct script *script, struct wire_reader *reader)
{
    world_set_on_time(on_time, script);
    sim_set_dial(on_dial, script);
    witness_begin(script);
    run_steps(script, reader);
    script->world->holds_computations = false;
    run_for(script, 1000 * WITNESS_ANSWER_S);
    witness_look(script);
    CHECK(is_excused(script) || !script->is_asking || script->answers_before == 0 ||
          mono_is_before(sim_now(), mono_add_s(script->asked_at, WITNESS_ANSWER_S + 1)));
}

void script_run(const uint8_t *octets, size_t size)
{
    static struct script script;
    struct wire_reader reader = wire_reader_init(octets, size);
    (void)message_seed_count();
    script = (struct script){.next_port = 1024};
    script.crowd = sim_allocate(CROWD_MAX * sizeof *script.crowd);
    const struct world_options options = read_head(&reader);
    script.world = world_open(&options);
    script.is_excused = options.fail_count > 0;
    if (!script.world->was_refused)
        run_script(&script, &reader);
    drop_crowd(&script);
    for (unsigned i = 0; i < CLIENTS_MAX; i++) {
        if (i % 2 == 0)
            client_drop(&script.clients[i]);
    }
    world_end(script.world);
    for (unsigned i = 0; i < CLIENTS_MAX; i++)
        client_drop(&script.clients[i]);
    client_drop(&script.witness);
    world_close(script.world);
    sim_release(script.crowd);
    figures.runs++;
}

size_t script_head_size(void)
{
    return HEAD_SIZE;
}
