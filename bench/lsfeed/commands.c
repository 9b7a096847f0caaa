#include "bench/lsfeed/commands.h"

#include "core/base/number.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define COMMANDS_NUMBERS 3

static double commands_now(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Wall times: the one that pced tells of its networks is one, too. */
static void commands_send(struct commands *commands, const char *name, const struct table *table)
{
    double first = commands_now(CLOCK_REALTIME);
    const char *wrong = session_send(&commands->session, table->octets, table->size);
    if (wrong != NULL)
        printf("wrong %s: %s\n", name, wrong);
    else
        printf("%s messages=%llu octets=%zu first=%.6f last=%.6f\n", name,
               (unsigned long long)table->messages, table->size, first,
               commands_now(CLOCK_REALTIME));
}

/* ---- links ---- */

/* So many links from all over the network, each with the one that leads back. */
static uint32_t commands_choose(struct commands *commands, uint32_t count)
{
    const struct ted_snapshot *snapshot = commands->snapshot;
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = (uint32_t)((uint64_t)i * snapshot->link_count / count);
        commands->links[chosen++] = link;
        if (snapshot->links[link].reverse != TED_NONE)
            commands->links[chosen++] = snapshot->links[link].reverse;
    }
    return chosen;
}

/* All between two nodes, in both directions. */
static uint32_t commands_choose_between(struct commands *commands, const uint32_t ends[2])
{
    const struct ted_snapshot *snapshot = commands->snapshot;
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        const struct ted_link *link = &snapshot->links[i];
        if ((link->from == ends[0] && link->to == ends[1]) ||
            (link->from == ends[1] && link->to == ends[0]))
            commands->links[chosen++] = i;
    }
    return chosen;
}

static void commands_withdraw(struct commands *commands, const char *name, uint32_t chosen)
{
    table_add_withdrawals(&commands->change, commands->snapshot, commands->links, chosen,
                          commands->session.is_extended);
    commands_send(commands, name, &commands->change);
}

static void commands_announce(struct commands *commands, const char *name, uint32_t chosen)
{
    table_add_links(&commands->change, commands->snapshot, commands->links, chosen);
    commands_send(commands, name, &commands->change);
}

/* The session is looked after, since nothing else does in this time. */
static void commands_wait(struct commands *commands, double until)
{
    for (double left; (left = until - commands_now(CLOCK_MONOTONIC)) > 0;) {
        struct pollfd news = {.fd = commands->session.socket, .events = POLLIN};
        if (poll(&news, 1, (int)(left * 1000) + 1) > 0 && !session_read(&commands->session))
            return;
    }
}

/* Down for half of each period, up for the other. */
static void commands_flap(struct commands *commands, uint32_t count, uint32_t period_ms,
                          uint32_t times)
{
    uint32_t chosen = commands_choose(commands, count);
    double begin = commands_now(CLOCK_MONOTONIC);
    const char *wrong = NULL;
    for (uint32_t i = 0; i < 2 * times && wrong == NULL; i++) {
        table_clear(&commands->change);
        if (i % 2 == 0)
            table_add_withdrawals(&commands->change, commands->snapshot, commands->links, chosen,
                                  commands->session.is_extended);
        else
            table_add_links(&commands->change, commands->snapshot, commands->links, chosen);
        wrong = session_send(&commands->session, commands->change.octets, commands->change.size);
        commands_wait(commands, begin + (i + 1) * period_ms / 2000.0);
    }
    if (wrong == NULL && commands->session.socket < 0)
        wrong = "the session was lost";
    if (wrong != NULL)
        printf("wrong flap: %s\n", wrong);
    else
        printf("flap times=%u links=%u seconds=%.3f\n", times, chosen,
               commands_now(CLOCK_MONOTONIC) - begin);
}

static void commands_metric(struct commands *commands, uint32_t link, uint32_t metric)
{
    struct ted_link other = commands->snapshot->links[link];
    other.igp_metric = metric;
    other.is_igp_unused = false;
    table_add_link(&commands->change, commands->snapshot, &other);
    commands_send(commands, "metric", &commands->change);
}

static void commands_bandwidth(struct commands *commands, uint32_t link, uint32_t percent)
{
    struct ted_link other = commands->snapshot->links[link];
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        other.unreserved[i] *= (float)percent / 100;
    table_add_link(&commands->change, commands->snapshot, &other);
    commands_send(commands, "bandwidth", &commands->change);
}

/* ---- the session ---- */

static void commands_up(struct commands *commands)
{
    if (commands->session.socket >= 0)
        session_close(&commands->session, false);
    const char *wrong = session_open(&commands->session);
    if (wrong != NULL)
        printf("wrong up: %s\n", wrong);
    else
        printf("up extended=%d\n", commands->session.is_extended);
}

static void commands_down(struct commands *commands, bool says_so)
{
    session_close(&commands->session, says_so);
    puts(says_so ? "cease" : "down");
}

/* ---- lines ---- */

enum commands_name {
    UP,
    DOWN,
    CEASE,
    TABLE,
    END_OF_RIB,
    METRIC,
    BANDWIDTH,
    WITHDRAW,
    ANNOUNCE,
    CUT,
    MEND,
    FLAP,
    QUIT
};

/* What the first operand is. */
enum commands_first { NOTHING, LINK, LINK_COUNT, NODE };

static const struct commands_row {
    const char *word;
    enum commands_name name;
    unsigned numbers;
    enum commands_first first;
} commands_rows[] = {
    {"up", UP, 0, NOTHING},
    {"down", DOWN, 0, NOTHING},
    {"cease", CEASE, 0, NOTHING},
    {"table", TABLE, 0, NOTHING},
    {"eor", END_OF_RIB, 0, NOTHING},
    {"metric", METRIC, 2, LINK},
    {"bandwidth", BANDWIDTH, 2, LINK},
    {"withdraw", WITHDRAW, 1, LINK_COUNT},
    {"announce", ANNOUNCE, 1, LINK_COUNT},
    {"cut", CUT, 2, NODE},
    {"mend", MEND, 2, NODE},
    {"flap", FLAP, 3, LINK_COUNT},
    {"quit", QUIT, 0, NOTHING},
};

static void commands_do(struct commands *commands, enum commands_name name,
                        const uint32_t numbers[COMMANDS_NUMBERS])
{
    switch (name) {
    case UP:
        commands_up(commands);
        break;
    case DOWN:
    case CEASE:
        commands_down(commands, name == CEASE);
        break;
    case TABLE:
        commands_send(commands, "table", &commands->whole);
        break;
    case END_OF_RIB:
        table_add_end_of_rib(&commands->change);
        commands_send(commands, "eor", &commands->change);
        break;
    case METRIC:
        commands_metric(commands, numbers[0], numbers[1]);
        break;
    case BANDWIDTH:
        commands_bandwidth(commands, numbers[0], numbers[1]);
        break;
    case WITHDRAW:
        commands_withdraw(commands, "withdraw", commands_choose(commands, numbers[0]));
        break;
    case ANNOUNCE:
        commands_announce(commands, "announce", commands_choose(commands, numbers[0]));
        break;
    case CUT:
        commands_withdraw(commands, "cut", commands_choose_between(commands, numbers));
        break;
    case MEND:
        commands_announce(commands, "mend", commands_choose_between(commands, numbers));
        break;
    case FLAP:
        commands_flap(commands, numbers[0], numbers[1], numbers[2]);
        break;
    case QUIT:
        commands->has_ended = true;
        break;
    }
}

static bool commands_read_operand(const struct commands *commands, const char *word,
                                  enum commands_first kind, uint32_t *number)
{
    uint64_t value;
    if (kind == NODE) {
        *number = ted_find_node_by_name(commands->snapshot, word);
        return *number != TED_NONE;
    }
    bool is_number = number_parse(word, UINT32_MAX, &value);
    *number = (uint32_t)value;
    uint32_t links = commands->snapshot->link_count;
    return is_number && (kind != LINK || value < links) && (kind != LINK_COUNT || value <= links);
}

/* A node is followed by a node, any other operand by plain numbers. */
static bool commands_read_operands(const struct commands *commands, const struct commands_row *row,
                                   char **rest, uint32_t numbers[COMMANDS_NUMBERS])
{
    for (unsigned i = 0; i < row->numbers; i++) {
        enum commands_first kind = i == 0 || row->first == NODE ? row->first : NOTHING;
        const char *word = strtok_r(NULL, " ", rest);
        if (word == NULL || !commands_read_operand(commands, word, kind, &numbers[i]))
            return false;
    }
    return strtok_r(NULL, " ", rest) == NULL;
}

void commands_run(struct commands *commands, char *line)
{
    char *rest = NULL;
    const char *word = strtok_r(line, " \n", &rest);
    uint32_t numbers[COMMANDS_NUMBERS] = {0};
    const struct commands_row *row = NULL;
    for (size_t i = 0; word != NULL && i < sizeof commands_rows / sizeof commands_rows[0]; i++) {
        if (strcmp(commands_rows[i].word, word) == 0)
            row = &commands_rows[i];
    }
    table_clear(&commands->change);
    if (row == NULL || !commands_read_operands(commands, row, &rest, numbers))
        printf("wrong %s: not understood\n", word == NULL ? "" : word);
    else
        commands_do(commands, row->name, numbers);
    (void)fflush(stdout);
}
