#include "core/base/number.h"
#include "server/pcectl/path.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_SIZE 256

/* Each gives false when memory runs out, or sets *wrong. */
static bool body_set(json_t *object, const char *member, json_t *value)
{
    return json_object_set_new(object, member, value) == 0;
}

static bool body_text(json_t *object, const char *member, const char *text)
{
    return text == NULL || body_set(object, member, json_string(text));
}

static bool body_is_real(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

static bool body_integer(json_t *object, const char *member, const char *text, const char **wrong)
{
    char *end;
    if (text == NULL)
        return true;
    long long value = strtoll(text, &end, 0); /* masks are written with 0x */
    if (end == text || *end != '\0')
        *wrong = member;
    return *wrong == NULL && body_set(object, member, json_integer(value));
}

static bool body_real(json_t *object, const char *member, const char *text, const char **wrong)
{
    double value;
    if (text == NULL)
        return true;
    if (!body_is_real(text, &value))
        *wrong = member;
    return *wrong == NULL && body_set(object, member, json_real(value));
}

/* The next of "a,b,c"; false at the end. A word that is too long is cut, and then no such thing. */
static bool body_next_word(const char **text, char word[WORD_SIZE])
{
    if (**text == '\0')
        return false;
    size_t size = strcspn(*text, ",");
    (void)snprintf(word, WORD_SIZE, "%.*s", (int)(size < WORD_SIZE ? size : WORD_SIZE - 1), *text);
    *text += size + ((*text)[size] == ',');
    return true;
}

/* "te=10,delay=500" */
static bool body_bounds(json_t *dynamic, const char *text, const char **wrong)
{
    char word[WORD_SIZE];
    double bound;
    json_t *bounds = json_object();
    bool is_good = bounds != NULL;
    while (is_good && body_next_word(&text, word)) {
        char *equals = strchr(word, '=');
        if (equals == NULL || !body_is_real(equals + 1, &bound)) {
            *wrong = "bounds";
            break;
        }
        *equals = '\0';
        is_good = json_object_set_new(bounds, word, json_real(bound)) == 0;
    }
    return body_set(dynamic, "bounds", bounds) && is_good && *wrong == NULL;
}

static bool body_list(json_t *object, const char *member, const char *text, bool is_numbers,
                      const char **wrong)
{
    char word[WORD_SIZE];
    uint64_t number = 0;
    if (text == NULL)
        return true;
    json_t *list = json_array();
    bool is_good = list != NULL;
    while (is_good && body_next_word(&text, word)) {
        if (is_numbers && !number_parse(word, UINT32_MAX, &number))
            *wrong = member;
        is_good = json_array_append_new(list, is_numbers ? json_integer((json_int_t)number)
                                                         : json_string(word)) == 0;
    }
    return body_set(object, member, list) && is_good && *wrong == NULL;
}

static json_t *body_dynamic(const struct path_options *options, const char **wrong)
{
    json_t *dynamic = json_object();
    if (dynamic != NULL && body_text(dynamic, "metric", options->metric) &&
        body_text(dynamic, "protection", options->protection) &&
        body_integer(dynamic, "exclude_any", options->exclude_any, wrong) &&
        body_integer(dynamic, "include_any", options->include_any, wrong) &&
        body_integer(dynamic, "include_all", options->include_all, wrong) &&
        body_integer(dynamic, "sid_depth", options->depth, wrong) &&
        (options->bounds == NULL || body_bounds(dynamic, options->bounds, wrong)))
        return dynamic;
    json_decref(dynamic);
    return NULL;
}

json_t *path_body(const char *from, const char *to, const struct path_options *options,
                  const char **wrong)
{
    json_t *body = json_pack("{s:s,s:s}", "from", from, "to", to);
    *wrong = NULL;
    if (body != NULL && body_text(body, "setup_type", options->setup) &&
        body_text(body, "objective", options->objective) &&
        body_real(body, "bandwidth", options->bandwidth, wrong) &&
        body_integer(body, "setup_priority", options->priority, wrong) &&
        body_integer(body, "algorithm", options->algorithm, wrong) &&
        body_list(body, "exclude_nodes", options->exclude_nodes, false, wrong) &&
        body_list(body, "exclude_srlgs", options->exclude_srlgs, true, wrong) &&
        body_set(body, "dynamic", body_dynamic(options, wrong)))
        return body;
    json_decref(body);
    return NULL;
}
