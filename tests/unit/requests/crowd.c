#include "tests/unit/requests/crowd.h"
#include "core/pcep/model.h"
#include "core/requests/computation.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void note_reply(struct member *member, const struct pcep_message *message)
{
    struct crowd *crowd = member->crowd;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row->id != PCEP_OBJECT_RP)
            continue;
        const struct pcep_rp *rp = object->body;
        cr_assert_lt(crowd->note_count, CROWD_NOTES_MAX);
        crowd->notes[crowd->note_count++] = (struct note){
            (uint32_t)(member - crowd->members), rp->request_id, rp->flags & PCEP_RP_PRIORITY_MASK};
        member->replies++;
    }
}

static void note_notification(struct member *member, const struct pcep_message *message)
{
    const struct pcep_object *last = &message->objects[message->object_count - 1];
    const struct pcep_notification *body = last->body;
    cr_assert_eq(last->row->id, PCEP_OBJECT_NOTIFICATION);
    if (body->type == 1) {
        cr_assert_eq(body->value, 2);
        cr_assert_geq(message->object_count, 2U);
        cr_assert_eq(message->objects[0].header_flags & PCEP_OBJECT_FLAG_P, 0);
        member->cancellations++;
        member->cancelled += message->object_count - 1;
        const struct pcep_rp *rp = message->objects[message->object_count - 2].body;
        member->last_cancelled = rp->request_id;
        return;
    }
    cr_assert_eq(body->type, 2);
    cr_assert_eq(message->object_count, 1U);
    const struct pcep_duration *duration = pcep_find_tlv(last, PCEP_TLV_OVERLOADED_DURATION);
    if (body->value == 1) {
        cr_assert_not_null(duration);
        member->overloaded++;
        member->duration_s = duration->duration_s;
    } else {
        cr_assert_eq(body->value, 2);
        member->available++;
    }
}

static void on_sent(struct session_owner *owner, const struct session_sent *sent)
{
    struct member *member = (struct member *)owner;
    struct crowd *crowd = member->crowd;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    cr_assert_leq(sent->octets.size, sizeof member->last);
    memcpy(member->last, sent->octets.octets, sent->octets.size);
    cr_assert_eq(pcep_decode(sent->octets, &crowd->kept, &message, &fault), PCE_OK);
    cr_assert_eq(sent->message_class == SESSION_DATA, message.type == PCEP_MESSAGE_PCREP);
    if (message.type == PCEP_MESSAGE_PCREP)
        note_reply(member, &message);
    else if (message.type == PCEP_MESSAGE_PCNTF)
        note_notification(member, &message);
    else if (message.type == PCEP_MESSAGE_PCERR)
        member->errors++;
    cr_assert(sent->octets.size <= crowd->context->reply_size_max ||
              message.type < PCEP_MESSAGE_PCREQ);
    arena_reset(&crowd->kept);
}

static void on_state(struct session_owner *owner, enum session_state from, enum session_state to)
{
    if (from == SESSION_UP && to != SESSION_UP)
        requests_forget_session(((struct member *)owner)->crowd->context, &owner->session);
}

static void on_message(struct session_owner *owner, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    handlers_on_message(&((struct member *)owner)->crowd->scene.handler, &owner->session, message,
                        fault);
}

static bool on_octets(struct session_owner *owner, struct wire_span objects)
{
    struct request_context *context = ((struct member *)owner)->crowd->context;
    return requests_on_octets(context, &owner->session, objects) ||
           requests_defer(context, &owner->session, objects);
}

static const struct session_owner_hooks hooks = {
    .on_sent = on_sent, .on_state = on_state, .on_octets = on_octets, .on_message = on_message};

static bool may_answer(struct request_context *context, struct session *session)
{
    (void)context;
    return !((struct member *)session)->takes_nothing;
}

static bool offload(struct request_context *context, struct computation *computation)
{
    struct crowd *crowd = CONTAINER_OF(context, struct crowd, scene.context);
    if (crowd->takes_no_computation)
        return false;
    cr_assert_lt(crowd->offloaded_count, CROWD_COMPUTATIONS_MAX);
    crowd->offloaded[crowd->offloaded_count++] = computation;
    return true;
}

static const struct request_events events = {.may_answer = may_answer, .offload = offload};

/* All requests of crowd_ask take the same. */
static void measure(struct crowd *crowd)
{
    crowd->context->work_left = UINT64_MAX;
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd->work_of_one = UINT64_MAX - crowd->context->work_left;
    crowd->context->work_left = 0;
    cr_assert_eq(crowd->members[0].replies, 1);
    crowd->members[0].replies = 0;
    crowd->note_count = 0;
    crowd->scene.counters = (struct request_counters){0};
}

struct crowd *crowd_create(void)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    cr_assert_not_null(crowd);
    scene_init(&crowd->scene);
    arena_init(&crowd->kept, (size_t)1 << 24);
    crowd->queue = request_queue_create();
    cr_assert_not_null(crowd->queue);
    crowd->context = &crowd->scene.context;
    crowd->context->queue = crowd->queue;
    crowd->context->events = &events;
    crowd->context->now = (struct mono){1000 * MONO_NS_PER_S};
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++) {
        struct member *member = &crowd->members[i];
        member->crowd = crowd;
        session_owner_init(&member->owner, &hooks, &crowd->scene.config, SESSION_ACCEPTED);
        member->owner.message_max = CROWD_MESSAGE_MAX;
        session_start(&member->owner.session, 1, crowd->context->now);
        crowd_receive_hex(crowd, i, PEER_OPEN);
        crowd_receive_hex(crowd, i, PEER_KEEPALIVE);
        cr_assert_eq(member->owner.session.state, SESSION_UP);
    }
    measure(crowd);
    return crowd;
}

void crowd_destroy(struct crowd *crowd)
{
    crowd_check(crowd);
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        session_owner_fini(&crowd->members[i].owner);
    request_queue_destroy(crowd->queue);
    computation_table_destroy(crowd->context->computations);
    arena_fini(&crowd->kept);
    scene_fini(&crowd->scene);
    free(crowd);
}

static void receive(struct crowd *crowd, uint32_t member, struct wire_span octets)
{
    (void)session_receive(&crowd->members[member].owner.session, octets, crowd->context->arena,
                          crowd->context->now);
    arena_reset(crowd->context->arena);
}

void crowd_receive_hex(struct crowd *crowd, uint32_t member, const char *hex)
{
    uint8_t octets[4096];
    size_t size = session_owner_parse_hex(hex, octets, sizeof octets);
    receive(crowd, member, (struct wire_span){octets, size});
}

void crowd_ask(struct crowd *crowd, uint32_t member, uint32_t first_id, uint32_t count,
               uint8_t priority)
{
    struct scene *scene = &crowd->scene;
    scene_begin(scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t i = 0; i < count; i++) {
        scene_put_rp(scene, first_id + i, priority, 1);
        scene_put_end_points(scene, "10.0.0.1", "10.0.0.4");
    }
    pcep_message_close(&scene->writer, 0);
    cr_assert_not(scene->writer.failed);
    receive(crowd, member, (struct wire_span){scene->request, wire_written(&scene->writer)});
}

void crowd_ask_between(struct crowd *crowd, uint32_t member, uint32_t request_id,
                       const char *source, const char *destination)
{
    struct scene *scene = &crowd->scene;
    scene_begin(scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(scene, request_id, 0, 1);
    scene_put_end_points(scene, source, destination);
    pcep_message_close(&scene->writer, 0);
    receive(crowd, member, (struct wire_span){scene->request, wire_written(&scene->writer)});
}

void crowd_offload(struct crowd *crowd, uint32_t capacity)
{
    cr_assert_leq(capacity, CROWD_COMPUTATIONS_MAX);
    crowd->context->computations = computation_table_create(capacity, 0, COMPUTATION_OF_REQUESTS);
    cr_assert_not_null(crowd->context->computations);
    crowd->context->work_inline = 1;
}

void crowd_compute(struct crowd *crowd, uint32_t count)
{
    for (; count > 0 && crowd->offloaded_count > 0; count--) {
        struct computation *first = crowd->offloaded[0];
        crowd->offloaded_count--;
        for (uint32_t i = 0; i < crowd->offloaded_count; i++)
            crowd->offloaded[i] = crowd->offloaded[i + 1];
        computation_run(first, crowd->context->engine, crowd->context->snapshot);
        requests_on_computed(crowd->context, first);
    }
}

bool crowd_serve(struct crowd *crowd, uint32_t requests)
{
    crowd->context->work_left = requests * crowd->work_of_one;
    bool has_more = requests_serve(crowd->context);
    crowd->context->work_left = 0;
    crowd_check(crowd);
    return has_more;
}

void crowd_wait_ms(struct crowd *crowd, uint64_t ms)
{
    crowd->context->now = mono_add_ms(crowd->context->now, ms);
}

void crowd_check(const struct crowd *crowd)
{
    const struct request_counters *c = &crowd->scene.counters;
    cr_assert_eq(c->requests, c->replies_path + c->replies_no_path + c->requests_refused +
                                  c->replies_dropped + c->requests_cancelled +
                                  c->requests_over_limit + c->requests_unserved + c->requests_gone +
                                  crowd->queue->count);
}
