/* What is derived from a snapshot, with room for few blocks: whatever the order of steps, who finds
 * a block finds one that was given for that node, whole, and which stays what it is; what was given
 * is found from then on; never more octets than the limit are given, and all that were given are
 * freed once, with the snapshot. */
#include "tests/orders/atomics.h"

static void free_once(const void *freed);
#undef free
#define free(memory) free_once(memory)

#include "core/ted/derived.c"

#define NODES        2
#define THREADS_MAX  3
#define BLOCKS_MAX   2 /* of each thread */
#define BLOCK_OCTETS sizeof(struct numbered)

/* As a near tree: what the readers say, behind the beginning that all blocks have. */
struct numbered {
    struct ted_block block;
    uint8_t node;
    uint8_t number; /* 0: not filled in */
    bool is_freed;
};

static struct ted_snapshot snapshot;

static struct {
    struct numbered blocks[THREADS_MAX][BLOCKS_MAX];
    unsigned threads, count; /* blocks of each */
    unsigned nodes;          /* that the threads give blocks of */
    uint8_t given;
    bool is_freed; /* the snapshot's part */
} shared;

static void free_once(const void *freed)
{
    struct numbered *block = (struct numbered *)(uintptr_t)freed;
    if (freed == NULL)
        return;
    bool *is_freed = freed == snapshot.derived ? &shared.is_freed : &block->is_freed;
    model_expect(!*is_freed, "what was freed is freed again");
    *is_freed = true;
}

/* Looks at the block of a node twice, as an engine that reads for a while. */
static bool find(unsigned node)
{
    const struct numbered *found =
        (const struct numbered *)(const void *)ted_derived_find(&snapshot, node);
    if (found == NULL)
        return false;
    const struct numbered seen = *found;
    model_expect(seen.node == node && seen.number != 0, "what is found is not whole");
    model_expect(!seen.is_freed, "what is found was freed");
    model_step("read");
    model_expect(found->block.next == seen.block.next && found->number == seen.number,
                 "what was found changes");
    model_expect(!found->is_freed, "what was found is freed");
    return true;
}

/* As near_tree_of_node with a better near tree each time. */
static void run_giver(void *context)
{
    unsigned thread = *(unsigned *)context;
    for (unsigned i = 0; i < shared.count; i++) {
        struct numbered *block = &shared.blocks[thread][i];
        unsigned node = (thread + i) % shared.nodes;
        bool was_there = find(node);
        block->block = (struct ted_block){.octets = BLOCK_OCTETS};
        block->node = (uint8_t)node;
        block->number = (uint8_t)(i + 1);
        if (ted_derived_give(&snapshot, node, &block->block)) {
            shared.given++;
            was_there = true;
        } else {
            free(block);
        }
        model_expect(shared.given * BLOCK_OCTETS <= snapshot.derived->octets_max,
                     "more is given than there is room for");
        model_expect(find(node) || !was_there, "what was given is not found");
    }
}

static void run_finder(void *context)
{
    unsigned node = *(unsigned *)context % shared.nodes;
    bool was_there = false;
    for (unsigned i = 0; i < 2; i++) {
        bool is_there = find(node);
        model_expect(is_there || !was_there, "what was found is there no more");
        was_there = is_there;
    }
}

static void start(unsigned givers, unsigned count, unsigned nodes, unsigned room)
{
    static unsigned numbers[THREADS_MAX] = {0, 1, 2};
    static const char *const names[THREADS_MAX] = {"thread 0", "thread 1", "thread 2"};
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.threads = givers;
    shared.count = count;
    shared.nodes = nodes;
    snapshot = (struct ted_snapshot){.node_count = NODES};
    if (!ted_derived_prepare(&snapshot, room * BLOCK_OCTETS))
        exit(2);
    for (unsigned i = 0; i < givers; i++)
        model_thread(names[i], run_giver, &numbers[i], false);
}

/* As when the last reader has left the snapshot. */
static void all_is_freed(void)
{
    model_expect(snapshot.derived->octets == shared.given * BLOCK_OCTETS,
                 "octets count that nobody has");
    ted_derived_free(snapshot.derived);
    model_expect(shared.is_freed, "the snapshot's part is left over");
    for (unsigned i = 0; i < shared.threads; i++) {
        for (unsigned k = 0; k < shared.count; k++)
            model_expect(shared.blocks[i][k].is_freed, "a block is left over");
    }
}

static void with_finder(unsigned givers, unsigned count, unsigned nodes, unsigned room)
{
    static unsigned node = 0;
    start(givers, count, nodes, room);
    model_thread("finder", run_finder, &node, false);
}

static void one_node(void)
{
    with_finder(1, 2, 1, 2);
}

static void two_for_a_node(void)
{
    with_finder(2, 1, 1, 2);
}

static void no_room(void)
{
    with_finder(2, 1, 1, 1);
}

static void two_nodes(void)
{
    with_finder(2, 2, 2, 3);
}

static void three_for_two(void)
{
    start(3, 1, 2, 2);
}

static void room_is_used(void)
{
    model_expect(shared.given * BLOCK_OCTETS == snapshot.derived->octets_max,
                 "what there is room for is refused");
    all_is_freed();
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 gives 2 blocks of a node, 1 finds", one_node, room_is_used, true},
        {"2 give a block of a node, 1 finds", two_for_a_node, room_is_used, true},
        {"2 give, room for 1 block, 1 finds", no_room, room_is_used, true},
        {"2 give 2 blocks, room for 3, 1 finds", two_nodes, room_is_used, true},
        {"3 give a block, room for 2", three_for_two, room_is_used, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
