/* A file of pairs: two addresses a line. */
#include "bench/pceload/load/network.h"

#include "io/os/file.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_SIZE_MAX ((size_t)1 << 30)

/* While the file is read. */
struct reading {
    struct network *network;
    const char *path;
    uint32_t *end_of_node; /* of the topology's nodes: their last end; TED_NONE: none yet */
};

static uint32_t count_lines(const char *text)
{
    uint32_t count = 1;
    while ((text = strchr(text, '\n')) != NULL && count < PAIRS_MAX) {
        text++;
        count++;
    }
    return count;
}

/* A node that is named again with the same address is the same end: ten thousand pairs of a
 * thousand nodes then have their ends in the processor's cache when requests are drawn. */
static uint32_t add_end(struct reading *reading, const struct ip *address)
{
    struct network *network = reading->network;
    struct end end = {.node = TED_NONE};
    memcpy(end.octets, address->octets, sizeof end.octets);
    if (network->topology != NULL)
        end.node = ted_find_node_by_address(network->topology, address);
    if (end.node != TED_NONE) {
        uint32_t *last = &reading->end_of_node[end.node];
        if (*last != TED_NONE &&
            memcmp(network->ends[*last].octets, end.octets, sizeof end.octets) == 0)
            return *last;
        *last = network->end_count;
    }
    network->ends[network->end_count] = end;
    return network->end_count++;
}

static bool read_end(struct reading *reading, char **save, char *text, uint32_t *end)
{
    struct network *network = reading->network;
    struct ip address;
    char *word = strtok_r(text, " \t\r", save);
    if (word == NULL || !ip_parse(word, &address))
        return false;
    if (network->end_count == 0)
        network->is_v6 = address.family == IP_V6;
    if ((address.family == IP_V6) != network->is_v6)
        return false;
    *end = add_end(reading, &address);
    return true;
}

static enum pce_status read_lines(struct reading *reading, char *text, struct failure *failure)
{
    struct network *network = reading->network;
    char *save = NULL;
    uint32_t number = 1;
    for (char *line = text, *next; line != NULL; line = next, number++) {
        struct pair pair;
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (line[strspn(line, " \t\r")] == '\0' || *line == '#')
            continue;
        if (network->listed == PAIRS_MAX || !read_end(reading, &save, line, &pair.source) ||
            !read_end(reading, &save, NULL, &pair.destination) ||
            strtok_r(NULL, " \t\r", &save) != NULL)
            return failure_set(failure, PCE_INVALID,
                               "%s, line %u: wanted are two addresses of one family, the same in "
                               "all lines",
                               reading->path, number);
        network->pairs[network->listed++] = pair;
    }
    return PCE_OK;
}

enum pce_status network_read_pairs(struct network *network, const char *path,
                                   struct failure *failure)
{
    struct reading reading = {.network = network, .path = path};
    uint32_t nodes = network->topology == NULL ? 0 : network->topology->node_count;
    char *text = NULL;
    size_t size = 0;
    enum pce_status status = file_read(path, PAIRS_SIZE_MAX, &text, &size, failure);
    if (status != PCE_OK)
        return status;
    size_t lines = count_lines(text);
    network->pairs = calloc(lines, sizeof *network->pairs);
    network->ends = calloc(2 * lines, sizeof *network->ends);
    reading.end_of_node = malloc((nodes + 1) * sizeof *reading.end_of_node);
    if (network->pairs == NULL || network->ends == NULL || reading.end_of_node == NULL) {
        status = failure_set(failure, PCE_NO_MEMORY, "no memory for the pairs of %s", path);
    } else {
        memset(reading.end_of_node, 0xff, nodes * sizeof *reading.end_of_node);
        status = read_lines(&reading, text, failure);
    }
    free(reading.end_of_node);
    free(text);
    return status;
}
