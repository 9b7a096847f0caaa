#include "tests/orders/explore.h"

#include "core/base/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define STACK_SIZE  (64 * 1024)
#define STACK_SLACK 512 /* below the frame that switches: what the switch itself uses */
#define REGIONS_MAX 8
#define STORES_MAX  4
#define DEPTH_MAX   4096
#define NOBODY      (-1)

struct pending_store {
    volatile void *to;
    uint64_t value;
    size_t size;
};

struct thread_state {
    const char *name;
    const char *what; /* the step that it is about to make */
    model_condition_fn *holds;
    const void *holds_context;
    uint8_t *low; /* its stack is in use from here on */
    bool is_servant;
    bool is_barrier;
    bool has_ended;
    unsigned store_count;
    struct pending_store stores[STORES_MAX];
};

struct region {
    uint8_t *memory;
    size_t size;
};

/* All that makes up a state, but for stacks and regions. */
static struct {
    size_t used;
    unsigned thread_count;
    unsigned event_count;
    uint64_t events[MODEL_EVENTS_MAX];
    struct thread_state threads[MODEL_THREADS_MAX];
} world;

static uint8_t memory[MODEL_MEMORY] __attribute__((aligned(64)));
static uint8_t stacks[MODEL_THREADS_MAX][STACK_SIZE] __attribute__((aligned(64)));
static ucontext_t contexts[MODEL_THREADS_MAX];
static ucontext_t explorer;
static model_thread_fn *runs[MODEL_THREADS_MAX];
static void *run_contexts[MODEL_THREADS_MAX];
static struct region regions[REGIONS_MAX];
static unsigned region_count;
static int current = NOBODY;
static bool has_buffers;
static char broken[256];

/* ---- states that are kept ---- */

struct frame {
    uint8_t *octets;
    unsigned next;   /* the action to be tried next */
    const char *who; /* what led here */
    const char *what;
};

static struct frame frames[DEPTH_MAX];
static unsigned depth;

static uint8_t *stack_top(unsigned thread)
{
    return stacks[thread] + STACK_SIZE;
}

/* Calls visit for each piece of the state. */
static void visit_state(void (*visit)(void *context, void *piece, size_t size), void *context)
{
    visit(context, &world, sizeof world);
    visit(context, memory, world.used);
    for (unsigned i = 0; i < region_count; i++)
        visit(context, regions[i].memory, regions[i].size);
    for (unsigned i = 0; i < world.thread_count; i++) {
        visit(context, world.threads[i].low, (size_t)(stack_top(i) - world.threads[i].low));
    }
}

static void add_size(void *context, void *piece, size_t size)
{
    (void)piece;
    *(size_t *)context += size;
}

static void copy_out(void *context, void *piece, size_t size)
{
    uint8_t **at = context;
    memcpy(*at, piece, size);
    *at += size;
}

static void copy_in(void *context, void *piece, size_t size)
{
    const uint8_t **at = context;
    memcpy(piece, *at, size);
    *at += size;
}

static void add_hash(void *context, void *piece, size_t size)
{
    uint64_t *hash = context;
    *hash = (*hash ^ map_hash(piece, size)) * UINT64_C(0x9e3779b97f4a7c15);
    *hash ^= *hash >> 29;
}

static void push(const char *who, const char *what)
{
    size_t size = sizeof contexts;
    if (depth == DEPTH_MAX) {
        (void)fprintf(stderr, "model: deeper than %d steps\n", DEPTH_MAX);
        exit(2);
    }
    visit_state(add_size, &size);
    struct frame *frame = &frames[depth++];
    *frame = (struct frame){.octets = malloc(size), .who = who, .what = what};
    if (frame->octets == NULL)
        exit(2);
    uint8_t *at = frame->octets;
    memcpy(at, contexts, sizeof contexts);
    at += sizeof contexts;
    visit_state(copy_out, &at);
}

/* The first piece says how large the others are. */
static void restore(const struct frame *frame)
{
    const uint8_t *at = frame->octets;
    memcpy(contexts, at, sizeof contexts);
    at += sizeof contexts;
    visit_state(copy_in, &at);
}

static void pop(void)
{
    free(frames[--depth].octets);
}

/* ---- what was seen ---- */

static uint64_t *seen;
static size_t seen_size, seen_count;

static bool put_seen(uint64_t *table, size_t size, uint64_t hash)
{
    size_t i = hash & (size - 1);
    while (table[i] != 0) {
        if (table[i] == hash)
            return false;
        i = (i + 1) & (size - 1);
    }
    table[i] = hash;
    return true;
}

static void grow_seen(void)
{
    size_t size = seen_size == 0 ? 1 << 16 : 2 * seen_size;
    uint64_t *table = calloc(size, sizeof *table);
    if (table == NULL)
        exit(2);
    for (size_t i = 0; i < seen_size; i++) {
        if (seen[i] != 0)
            (void)put_seen(table, size, seen[i]);
    }
    free(seen);
    seen = table;
    seen_size = size;
}

static bool is_new(void)
{
    uint64_t hash = 0;
    visit_state(add_hash, &hash);
    if (2 * seen_count >= seen_size)
        grow_seen();
    if (!put_seen(seen, seen_size, hash | 1))
        return false;
    seen_count++;
    return true;
}

/* ---- threads ---- */

static struct thread_state *self(void)
{
    return &world.threads[current];
}

/* In a frame of its own, below that of pause_here: what the compiler has in registers is on the
 * stack above it. */
static __attribute__((noinline)) void switch_out(void)
{
    int thread = current;
    world.threads[thread].low = (uint8_t *)__builtin_frame_address(0) - STACK_SLACK;
    current = NOBODY;
    (void)swapcontext(&contexts[thread], &explorer);
}

static __attribute__((noinline)) void pause_here(void)
{
    __builtin_unwind_init();
    switch_out();
    __asm__ volatile("" ::: "memory");
}

static void enter_thread(void)
{
    int thread = current;
    runs[thread](run_contexts[thread]);
    self()->has_ended = true;
    self()->what = "ends";
    self()->low = stack_top((unsigned)thread);
    current = NOBODY;
    (void)setcontext(&explorer);
}

static void resume(unsigned thread)
{
    current = (int)thread;
    (void)swapcontext(&explorer, &contexts[thread]);
}

void model_thread(const char *name, model_thread_fn *run, void *context, bool is_servant)
{
    unsigned i = world.thread_count++;
    if (i >= MODEL_THREADS_MAX)
        exit(2);
    memset(stacks[i], 0, STACK_SIZE);
    world.threads[i] = (struct thread_state){.name = name,
                                             .what = "begins",
                                             .low = stacks[i] + STACK_SIZE - 4096,
                                             .is_servant = is_servant};
    runs[i] = run;
    run_contexts[i] = context;
    (void)getcontext(&contexts[i]);
    contexts[i].uc_stack.ss_sp = stacks[i];
    contexts[i].uc_stack.ss_size = STACK_SIZE;
    contexts[i].uc_link = NULL;
    makecontext(&contexts[i], enter_thread, 0);
}

/* ---- steps ---- */

static bool is_always(const void *context)
{
    (void)context;
    return true;
}

static void step(const char *what, bool is_barrier, model_condition_fn *holds, const void *context)
{
    if (current == NOBODY)
        return;
    self()->what = what;
    self()->is_barrier = is_barrier;
    self()->holds = holds;
    self()->holds_context = context;
    pause_here();
}

void model_before(bool is_barrier)
{
    if (is_barrier && current != NOBODY && self()->store_count > 0)
        step("(waits for its stores to become visible)", true, is_always, NULL);
}

void model_after(const char *what)
{
    step(what, false, is_always, NULL);
}

void model_step(const char *what)
{
    step(what, false, is_always, NULL);
}

void model_wait_until(const char *what, model_condition_fn *holds, const void *context)
{
    if (current != NOBODY && (self()->store_count > 0 || !holds(context)))
        step(what, true, holds, context);
}

void model_load(const volatile void *from, void *value, size_t size)
{
    if (current == NOBODY)
        return;
    for (unsigned i = self()->store_count; i > 0; i--) {
        if (self()->stores[i - 1].to != from)
            continue;
        memcpy(value, &self()->stores[i - 1].value, size);
        return;
    }
}

static bool has_store_room(const void *context)
{
    return ((const struct thread_state *)context)->store_count < STORES_MAX;
}

void model_store(volatile void *to, const void *value, size_t size)
{
    if (current == NOBODY || !has_buffers) {
        memcpy((void *)(uintptr_t)to, value, size);
        return;
    }
    if (!has_store_room(self()))
        step("wait for the store buffer", false, has_store_room, self());
    struct pending_store *store = &self()->stores[self()->store_count++];
    *store = (struct pending_store){.to = to, .size = size};
    memcpy(&store->value, value, size);
}

static void commit(struct thread_state *thread)
{
    const struct pending_store *store = &thread->stores[0];
    memcpy((void *)(uintptr_t)store->to, &store->value, store->size);
    thread->store_count--;
    memmove(thread->stores, thread->stores + 1, thread->store_count * sizeof *store);
    thread->stores[thread->store_count] = (struct pending_store){0};
}

/* ---- what models and sources use ---- */

void *model_alloc(size_t size)
{
    uint8_t *at = memory + world.used;
    size = (size + 63) & ~(size_t)63;
    if (world.used + size > MODEL_MEMORY)
        exit(2);
    memset(at, 0, size);
    world.used += size;
    return at;
}

void model_free(void *freed, size_t size)
{
    memset(freed, MODEL_FREED, size);
}

void model_region(void *region, size_t size)
{
    if (region_count == REGIONS_MAX)
        exit(2);
    regions[region_count++] = (struct region){.memory = region, .size = size};
}

static void __attribute__((format(printf, 1, 2))) break_with(const char *format, ...)
{
    va_list arguments;
    if (broken[0] != '\0')
        return;
    va_start(arguments, format);
    (void)vsnprintf(broken, sizeof broken, format, arguments);
    va_end(arguments);
}

void model_expect(bool holds, const char *what)
{
    if (!holds)
        break_with("%s", what);
}

void model_check_failed(const char *condition, const char *file, int line)
{
    break_with("%s:%d: check failed: %s", file, line, condition);
    if (current == NOBODY)
        exit(2);
    current = NOBODY;
    (void)setcontext(&explorer);
    abort();
}

int model_event_create(void)
{
    if (world.event_count == MODEL_EVENTS_MAX)
        exit(2);
    return 1000 + (int)world.event_count++;
}

static uint64_t *event_of(int event)
{
    if (event < 1000 || event >= 1000 + (int)world.event_count)
        return NULL;
    return &world.events[event - 1000];
}

/* An eventfd that counts one or more is readable, which is all that anybody asks of it. */
bool model_event_signal(int event)
{
    uint64_t *count = event_of(event);
    if (count == NULL)
        return false;
    model_before(true);
    *count = 1;
    model_after("signal the event");
    return true;
}

bool model_event_clear(int event)
{
    uint64_t *count = event_of(event);
    if (count == NULL)
        return false;
    model_before(true);
    *count = 0;
    model_after("clear the event");
    return true;
}

static bool is_signalled(const void *context)
{
    return *(const uint64_t *)context != 0;
}

void model_event_wait(int event)
{
    model_wait_until("sleep", is_signalled, event_of(event));
}

/* ---- the search ---- */

/* Actions: a thread's next step, then the commit of a thread's oldest store. */
static bool is_enabled(unsigned action)
{
    bool is_commit = action >= world.thread_count;
    const struct thread_state *thread =
        &world.threads[is_commit ? action - world.thread_count : action];
    if (is_commit)
        return thread->store_count > 0;
    if (thread->has_ended || (thread->is_barrier && thread->store_count > 0))
        return false;
    return thread->holds == NULL || thread->holds(thread->holds_context);
}

static void act(unsigned action)
{
    struct thread_state *thread = &world.threads[action % world.thread_count];
    if (action >= world.thread_count)
        commit(thread);
    else
        resume(action);
}

static bool can_go_on(void)
{
    for (unsigned action = 0; action < 2 * world.thread_count; action++) {
        if (is_enabled(action))
            return true;
    }
    return false;
}

static void judge_rest(const struct model *model)
{
    for (unsigned i = 0; i < world.thread_count; i++) {
        const struct thread_state *thread = &world.threads[i];
        if (!thread->has_ended && !thread->is_servant)
            break_with("%s waits for ever: %s", thread->name, thread->what);
    }
    if (broken[0] == '\0' && model->at_rest != NULL)
        model->at_rest();
}

static void print_way(const char *who, const char *what)
{
    for (unsigned i = 1; i < depth; i++)
        printf("    %-10s %s\n", frames[i].who, frames[i].what);
    printf("    %-10s %s\n", who, what);
    printf("    %s\n", broken);
}

/* Tries the next action of the frame on top. */
static void advance(const struct model *model, struct model_outcome *outcome, bool prints)
{
    struct frame *frame = &frames[depth - 1];
    restore(frame);
    while (frame->next < 2 * world.thread_count && !is_enabled(frame->next))
        frame->next++;
    if (frame->next == 2 * world.thread_count) {
        pop();
        return;
    }
    unsigned action = frame->next++;
    const struct thread_state *thread = &world.threads[action % world.thread_count];
    const char *who = thread->name;
    act(action);
    const char *what = action < world.thread_count ? thread->what : "(a store becomes visible)";
    outcome->steps++;
    bool is_fresh = broken[0] == '\0' && is_new();
    if (is_fresh && !can_go_on()) {
        judge_rest(model);
        outcome->rests++;
    }
    outcome->is_broken = broken[0] != '\0';
    if (outcome->is_broken && prints)
        print_way(who, what);
    if (is_fresh && !outcome->is_broken)
        push(who, what);
}

static void forget(void)
{
    memset(&world, 0, sizeof world);
    memset(memory, 0, sizeof memory);
    region_count = 0;
    current = NOBODY;
    broken[0] = '\0';
    free(seen);
    seen = NULL;
    seen_size = seen_count = 0;
}

struct model_outcome model_explore(const struct model *model, bool prints)
{
    struct model_outcome outcome = {0};
    forget();
    has_buffers = model->has_store_buffers;
    model->set_up();
    push("", "");
    while (depth > 0 && !outcome.is_broken)
        advance(model, &outcome, prints);
    while (depth > 0)
        pop();
    outcome.states = seen_count;
    return outcome;
}

int model_main(const struct model *models, size_t count, bool expects_broken)
{
    unsigned broken_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct model_outcome outcome = model_explore(&models[i], true);
        outcome.is_broken = outcome.is_broken || outcome.rests == 0; /* all go round for ever */
        printf("%-44s %s%s: %llu states, %llu steps, %llu ends\n", models[i].name,
               outcome.is_broken ? "BROKEN" : "holds",
               models[i].has_store_buffers ? " (store buffers)" : "",
               (unsigned long long)outcome.states, (unsigned long long)outcome.steps,
               (unsigned long long)outcome.rests);
        (void)fflush(stdout);
        broken_count += outcome.is_broken;
    }
    return (broken_count > 0) == expects_broken ? 0 : 1;
}
