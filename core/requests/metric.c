#include "core/requests/metric.h"

#include "core/base/check.h"
#include "core/pcep/model.h"

#include <string.h>

static const struct {
    const char *word;
    uint8_t type;
} rows[PATH_METRIC_COUNT] = {
#define ROW(metric, word, type) [PATH_METRIC_##metric] = {word, PCEP_METRIC_TYPE_##type},
    METRIC_ROWS(ROW)
#undef ROW
};

uint8_t metric_type(enum path_metric metric)
{
    CHECK(metric < PATH_METRIC_COUNT);
    return rows[metric].type;
}

enum path_metric metric_of_type(uint8_t type)
{
    unsigned i = 0;
    while (i < PATH_METRIC_COUNT && rows[i].type != type)
        i++;
    return (enum path_metric)i;
}

const char *metric_word(enum path_metric metric)
{
    CHECK(metric < PATH_METRIC_COUNT);
    return rows[metric].word;
}

enum path_metric metric_of_word(const char *word)
{
    unsigned i = 0;
    while (i < PATH_METRIC_COUNT && strcmp(rows[i].word, word) != 0)
        i++;
    return (enum path_metric)i;
}
