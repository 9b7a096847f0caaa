#include "tests/model/fake_io.h"

#include "core/base/check.h"
#include "io/net/conn_connect.h"
#include "io/os/thread.h"
#include "io/ring/ring.h"

#include <string.h>

struct fake_io fake;

static struct send_queue_stub {
    uint8_t octets[65536];
} room; /* what is written goes nowhere */

void fake_reset(void)
{
    int64_t balance = fake.balance;
    memset(&fake, 0, sizeof fake);
    fake.balance = balance;
    fake.now = (struct mono){UINT64_C(1000) * MONO_NS_PER_S};
}

/* ---- what happens ---- */

static bool is_owned(const struct conn *conn)
{
    return conn->state == FAKE_OPEN;
}

static void begin_close(struct conn *conn, enum pce_status status)
{
    if (conn->state == FAKE_CLOSING || conn->state == FAKE_FREE)
        return;
    conn->state = FAKE_CLOSING;
    conn->end_status = status;
    conn->close_in = fake.close_delay;
}

static void tell_end(struct conn *conn, enum pce_status status)
{
    if (conn->state == FAKE_FINISHING) {
        begin_close(conn, status == PCE_CLOSED ? PCE_OK : status);
        return;
    }
    if (!is_owned(conn) || conn->is_end_told)
        return;
    conn->is_end_told = true;
    conn->ops->on_end(conn, status);
}

static struct conn *borrow(const struct ip *peer)
{
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        struct conn *conn = &fake.conns[i];
        if (conn->state != FAKE_FREE)
            continue;
        uint32_t generation = conn->generation + 1;
        *conn = (struct conn){.state = FAKE_NEW, .peer = *peer, .generation = generation};
        conn->order = ++fake.order;
        return conn;
    }
    return NULL;
}

struct conn *fake_accept(const struct ip *peer)
{
    struct conn *conn = borrow(peer);
    if (conn == NULL || !fake.is_listening)
        fake_fail("no room to accept, or nobody listens");
    fake.on_accept(fake.accept_context, conn);
    if (conn->state == FAKE_NEW)
        fake_fail("an accepted connection was left lying");
    return conn;
}

void fake_input(struct conn *conn, const void *octets, size_t size)
{
    conn->inputs++;
    if (is_owned(conn) && !conn->is_paused)
        conn->ops->on_octets(conn, octets, size);
}

void fake_fin(struct conn *conn)
{
    conn->is_closed_by_peer = true;
    tell_end(conn, PCE_CLOSED);
}

void fake_break(struct conn *conn, enum pce_status status)
{
    conn->is_broken = true;
    if (conn->state == FAKE_DIALING)
        conn->state = FAKE_OPEN;
    tell_end(conn, status);
}

void fake_connected(struct conn *conn)
{
    CHECK(conn->state == FAKE_DIALING);
    conn->state = FAKE_OPEN;
    conn->ops->on_connected(conn);
}

void fake_inspected(struct conn *conn, enum pce_status status,
                    const struct conn_inspection *inspection)
{
    CHECK(conn->is_inspecting);
    conn->is_inspecting = false;
    if (is_owned(conn) && conn->ops->on_inspected != NULL)
        conn->ops->on_inspected(conn, status, status == PCE_OK ? inspection : NULL);
}

void fake_unacked(struct conn *conn, uint32_t octets)
{
    if (is_owned(conn) && conn->ops->on_unacked != NULL)
        conn->ops->on_unacked(conn, PCE_OK, octets);
}

void fake_release(struct conn *conn)
{
    const struct conn_ops *ops = conn->ops;
    void *owner = conn->owner;
    conn->ops = NULL;
    conn->owner = NULL;
    if (conn->state == FAKE_DETACHING) {
        conn->state = FAKE_FREE;
        conn->detached(owner, -1, PCE_LIMIT);
        return;
    }
    CHECK(conn->state == FAKE_CLOSING);
    if (ops != NULL)
        ops->on_released(conn, owner, conn->end_status);
    conn->state = FAKE_FREE;
}

/* In the order of io/: the stall, the sends, the end that a new owner has not been told, the end.
 */
static void complete_one(struct conn *conn)
{
    static const struct send_dropped dropped = {.messages = 1, .octets = 100};
    if (is_owned(conn) && conn->is_stall_due && conn->stall_in > 0) {
        conn->stall_in--;
    } else if (is_owned(conn) && conn->is_stall_due) {
        conn->is_stall_due = false;
        if (conn->ops->on_stalled != NULL)
            conn->ops->on_stalled(conn, &dropped);
    }
    if (is_owned(conn) && !conn->is_held && !conn->is_stall_due && conn->accepted != conn->queued &&
        !conn->is_broken) {
        conn->accepted = conn->queued;
        if (conn->ops->on_accepted != NULL)
            conn->ops->on_accepted(conn);
    }
    if (is_owned(conn) && !conn->is_paused && (conn->is_closed_by_peer || conn->is_broken))
        tell_end(conn, conn->is_broken ? PCE_IO : PCE_CLOSED);
    if (conn->state == FAKE_FINISHING && (conn->is_closed_by_peer || conn->is_broken))
        begin_close(conn, PCE_OK);
    else if (conn->state == FAKE_DETACHING || (conn->state == FAKE_CLOSING && conn->close_in == 0))
        fake_release(conn);
    else if (conn->state == FAKE_CLOSING)
        conn->close_in--;
}

void fake_complete(void)
{
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++)
        complete_one(&fake.conns[i]);
}

unsigned fake_count(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++)
        count += fake.conns[i].state != FAKE_FREE;
    return count;
}

/* ---- io/net/conn.h ---- */

struct conn_pool {
    int unused;
};
static struct conn_pool the_pool;

enum pce_status conn_pool_create(const struct conn_pool_options *options, struct conn_pool **pool)
{
    (void)options;
    *pool = &the_pool;
    return PCE_OK;
}

void conn_pool_destroy(struct conn_pool *pool)
{
    (void)pool;
    CHECK(fake_count() == 0);
}

void conn_pool_set_send_max(struct conn_pool *pool, size_t octets_max)
{
    (void)pool;
    (void)octets_max;
}

const struct conn_counters *conn_pool_counters(const struct conn_pool *pool)
{
    static const struct conn_counters none;
    (void)pool;
    return &none;
}

uint32_t conn_pool_unread(const struct conn_pool *pool)
{
    (void)pool;
    return 0;
}

uint32_t conn_pool_count(const struct conn_pool *pool)
{
    (void)pool;
    return fake_count();
}

void conn_pool_reset_all(struct conn_pool *pool)
{
    (void)pool;
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        if (fake.conns[i].state != FAKE_FREE)
            conn_reset(&fake.conns[i]);
    }
}

uint32_t conn_pool_used(const struct conn_pool *pool)
{
    (void)pool;
    return FAKE_CONNS_MAX;
}

struct conn *conn_pool_at(struct conn_pool *pool, uint32_t index)
{
    (void)pool;
    struct conn *conn = index < FAKE_CONNS_MAX ? &fake.conns[index] : NULL;
    return conn == NULL || conn_is_closing(conn) ? NULL : conn;
}

struct conn *conn_find(struct conn_pool *pool, struct conn_handle handle)
{
    struct conn *conn = conn_pool_at(pool, handle.index);
    return conn != NULL && conn->generation == handle.generation ? conn : NULL;
}

struct conn_handle conn_handle_of(const struct conn *conn)
{
    return (struct conn_handle){0, (uint32_t)(conn - fake.conns), conn->generation};
}

enum pce_status conn_adopt(struct conn_pool *pool, int descriptor, const struct conn_ops *ops,
                           void *owner, struct conn **conn)
{
    (void)pool;
    (void)descriptor;
    (void)ops;
    (void)owner;
    (void)conn;
    return PCE_LIMIT;
}

enum pce_status conn_connect(struct conn_pool *pool, const struct conn_target *target,
                             struct conn **out, struct failure *failure)
{
    (void)pool;
    struct conn *conn = borrow(&target->to);
    if (conn == NULL)
        return failure_set(failure, PCE_LIMIT, "no record");
    conn->state = FAKE_DIALING;
    conn->ops = target->ops;
    conn->owner = target->owner;
    *out = conn;
    return PCE_OK;
}

void conn_hand_over(struct conn *conn, const struct conn_ops *ops, void *owner)
{
    CHECK(conn->state != FAKE_FREE && conn->state != FAKE_DETACHING && ops != NULL);
    if (conn->state == FAKE_NEW)
        conn->state = FAKE_OPEN;
    conn->ops = ops;
    conn->owner = owner;
    conn->is_paused = false;
    conn->is_held = false;
    conn->is_end_told = false;
}

void conn_turn_away(struct conn *conn)
{
    CHECK(conn->state != FAKE_FREE && conn->state != FAKE_DETACHING);
    conn->ops = NULL;
    conn->owner = NULL;
    conn_reset(conn);
}

void conn_check_left(const struct conn *conn, const void *owner)
{
    CHECK(conn->owner != owner);
}

void conn_detach(struct conn *conn, conn_detached_fn *done, void *context)
{
    CHECK(conn->state == FAKE_NEW);
    conn->state = FAKE_DETACHING;
    conn->detached = done;
    conn->owner = context;
}

void conn_finish(struct conn *conn)
{
    if (conn->state == FAKE_DIALING)
        conn_reset(conn);
    if (conn->state != FAKE_OPEN)
        return;
    conn->state = FAKE_FINISHING;
    if (conn->is_broken)
        begin_close(conn, PCE_IO);
}

void conn_reset(struct conn *conn)
{
    if (conn->state != FAKE_DETACHING)
        begin_close(conn, PCE_CANCELLED);
}

bool conn_is_closing(const struct conn *conn)
{
    return conn->state != FAKE_NEW && conn->state != FAKE_DIALING && conn->state != FAKE_OPEN;
}

void *conn_owner(const struct conn *conn)
{
    return conn->owner;
}

const struct conn_ops *conn_ops_of(const struct conn *conn)
{
    return conn->ops;
}

const struct ip *conn_address(const struct conn *conn)
{
    return &conn->peer;
}

struct ip conn_peer(const struct conn *conn)
{
    return conn->peer;
}

uint16_t conn_peer_port(const struct conn *conn)
{
    (void)conn;
    return 4189;
}

struct ip conn_local(const struct conn *conn)
{
    static const uint8_t octets[4] = {192, 0, 2, 1};
    (void)conn;
    return fake.local_known ? ip_from_v4(octets) : (struct ip){.family = IP_NONE};
}

uint16_t conn_local_port(const struct conn *conn)
{
    (void)conn;
    return 4189;
}

static bool can_queue(const struct conn *conn)
{
    return conn->state == FAKE_OPEN && !conn->is_stalled && !conn->is_broken;
}

enum pce_status conn_open(struct conn *conn, size_t size_max, struct wire_writer *writer)
{
    if (!can_queue(conn))
        return PCE_CLOSED;
    fake.allocations += fake.is_counting;
    if (fake.fail_all || (fake.fail_at > 0 && --fake.fail_at == 0))
        return PCE_NO_MEMORY;
    CHECK(size_max <= sizeof room.octets);
    *writer = wire_writer_init(room.octets, size_max);
    return PCE_OK;
}

enum pce_status conn_commit(struct conn *conn, const struct wire_writer *writer,
                            enum send_class class)
{
    (void)class;
    conn->queued += wire_written(writer);
    return PCE_OK;
}

void conn_abort(struct conn *conn)
{
    (void)conn;
}

void conn_hold_sends(struct conn *conn)
{
    conn->is_held = true;
}

void conn_release_sends(struct conn *conn)
{
    conn->is_held = false;
}

uint64_t conn_queued(const struct conn *conn)
{
    return conn->queued;
}

uint64_t conn_accepted(const struct conn *conn)
{
    return conn->accepted;
}

uint64_t conn_acknowledged(const struct conn *conn)
{
    return conn->accepted;
}

uint64_t conn_queued_octets(const struct conn *conn)
{
    return conn->queued - conn->accepted;
}

uint64_t conn_received_octets(const struct conn *conn)
{
    return conn->inputs;
}

enum pce_status conn_query_unacked(struct conn *conn)
{
    return conn->state == FAKE_OPEN ? PCE_OK : PCE_CLOSED;
}

enum pce_status conn_inspect(struct conn *conn)
{
    if (conn->state != FAKE_OPEN)
        return PCE_CLOSED;
    if (conn->is_inspecting)
        return PCE_AGAIN;
    conn->is_inspecting = true;
    return PCE_OK;
}

void conn_set_probing(struct conn *conn, bool is_on)
{
    (void)is_on;
    CHECK(conn->state != FAKE_FREE);
}

void conn_pause(struct conn *conn)
{
    conn->is_paused = conn->state == FAKE_OPEN || conn->is_paused;
}

void conn_resume(struct conn *conn)
{
    conn->is_paused = false;
}

bool conn_is_paused(const struct conn *conn)
{
    return conn->is_paused;
}

bool conn_may_have_input(const struct conn *conn)
{
    return conn->is_paused;
}

enum pce_status conn_stall(struct conn *conn, const void *final, size_t size)
{
    (void) final;
    if (!can_queue(conn))
        return PCE_CLOSED;
    conn->is_stalled = true;
    conn->is_stall_due = true;
    conn->stall_in = fake.close_delay;
    conn->queued = conn->accepted + size;
    return PCE_OK;
}

/* ---- listeners ---- */

enum pce_status listeners_start(struct listeners *listeners, unsigned shard, struct conn_pool *pool,
                                listener_accept_fn *on_accept, void *context)
{
    (void)listeners;
    (void)shard;
    (void)pool;
    fake.on_accept = on_accept;
    fake.accept_context = context;
    fake.is_listening = true;
    return PCE_OK;
}

void listeners_stop(struct listeners *listeners, unsigned shard)
{
    (void)listeners;
    (void)shard;
    fake.is_listening = false;
}

unsigned listener_shard_of(const struct ip *source, unsigned shard_count)
{
    (void)shard_count;
    return source->octets[3] == 99 ? 1 : 0; /* one address is another shard's */
}

/* ---- mailboxes ---- */

struct mailbox {
    int unused;
};
static struct mailbox the_mailbox;

enum pce_status mailbox_create(unsigned capacity, mailbox_fn *on_mail, void *context,
                               struct mailbox **mailbox)
{
    (void)capacity;
    fake.on_mail = on_mail;
    fake.mail_context = context;
    *mailbox = &the_mailbox;
    return PCE_OK;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    (void)mailbox;
}

enum pce_status mailbox_attach(struct mailbox *mailbox, struct ring *ring)
{
    (void)mailbox;
    (void)ring;
    return PCE_OK;
}

void mailbox_detach(struct mailbox *mailbox)
{
    (void)mailbox;
}

enum pce_status mailbox_post(struct mailbox *mailbox, const struct mail *mail,
                             struct ring *own_ring)
{
    (void)mailbox;
    (void)mail;
    (void)own_ring;
    return PCE_OK;
}

/* Nothing is kept: what was posted to another shard is that shard's. */
unsigned mailbox_drain(struct mailbox *mailbox)
{
    (void)mailbox;
    return 0;
}

/* Full for letters of groups, which nobody would own here. */
unsigned mailbox_count(const struct mailbox *mailbox)
{
    (void)mailbox;
    return UINT32_MAX;
}

/* Of the store's thread, which nobody starts. */
enum pce_status mailbox_wait(struct mailbox *mailbox, struct mono deadline)
{
    (void)mailbox;
    (void)deadline;
    return PCE_TIMEOUT;
}

/* ---- ring, threads ---- */

struct ring {
    struct ring_counters counters;
};
static struct ring the_ring;

enum pce_status ring_create(const struct ring_options *options, struct ring **ring,
                            struct failure *failure)
{
    (void)options;
    (void)failure;
    *ring = &the_ring;
    return PCE_OK;
}

void ring_destroy(struct ring *ring)
{
    (void)ring;
}

enum pce_status ring_turn(struct ring *ring, struct mono deadline)
{
    (void)ring;
    fake.deadline = deadline;
    fake_complete();
    fake.on_turn();
    return PCE_OK;
}

enum pce_status ring_settle(struct ring *ring, struct mono deadline)
{
    (void)ring;
    (void)deadline;
    for (unsigned i = 0; i <= fake.close_delay + 1; i++)
        fake_complete();
    return PCE_OK;
}

void ring_set_coalesce(struct ring *ring, uint32_t coalesce_us)
{
    (void)ring;
    (void)coalesce_us;
}

const struct ring_counters *ring_counters_of(const struct ring *ring)
{
    return &ring->counters;
}

unsigned ring_file_count(const struct ring *ring)
{
    (void)ring;
    return 0;
}

/* The shard runs where it is started, until it has ended. */
enum pce_status thread_start(struct thread *thread, const char *name, int cpu, thread_fn *run,
                             void *context, struct failure *failure)
{
    (void)thread;
    (void)name;
    (void)cpu;
    (void)failure;
    run(context);
    return PCE_OK;
}

void thread_join(struct thread *thread)
{
    (void)thread;
}

void thread_owner_claim(struct thread_owner *owner)
{
    (void)owner;
}

void thread_owner_check(const struct thread_owner *owner)
{
    (void)owner;
}

uint32_t thread_self(void)
{
    return 1;
}
