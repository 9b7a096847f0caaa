#include "server/pcectl/row.h"

#include <stdio.h>
#include <time.h>

const char *row_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text == NULL ? "-" : text;
}

const char *row_words(const json_t *row, const char *key)
{
    const char *text = row_text(row, key);
    return text[0] == '\0' ? "-" : text;
}

const char *row_time(double at_s, char text[ROW_TIME_SIZE])
{
    const time_t at = (time_t)at_s;
    struct tm parts;
    if (gmtime_r(&at, &parts) == NULL ||
        strftime(text, ROW_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        (void)snprintf(text, ROW_TIME_SIZE, "-");
    return text;
}
