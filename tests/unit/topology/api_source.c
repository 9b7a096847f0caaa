/* When what could not be let in of a source of the API is tried again. */
#include "server/topology/api_source.h"

#include <criterion/criterion.h>

TestSuite(api_source, .timeout = 10);

Test(api_source, waits_twice_as_long_each_time_up_to_five_minutes)
{
    static const uint32_t pauses_s[] = {5, 10, 20, 40, 80, 160, 300, 300};
    uint32_t pause_ms = API_SOURCE_RETRY_MS;
    for (size_t i = 0; i < sizeof pauses_s / sizeof *pauses_s; i++) {
        cr_expect_eq(pause_ms, pauses_s[i] * 1000);
        pause_ms = api_source_next_pause_ms(pause_ms);
    }
}
