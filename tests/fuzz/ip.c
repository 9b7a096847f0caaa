/* Addresses: what is read as one is written and read again as the same one, in the same text. */
#include "core/base/ip.h"

#include "core/base/check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, octets, size);
    text[size] = '\0';

    struct ip first;
    struct ip second;
    if (ip_parse(text, &first)) {
        char first_text[IP_TEXT_SIZE];
        char second_text[IP_TEXT_SIZE];
        ip_format(&first, first_text);
        CHECK(strlen(first_text) < IP_TEXT_SIZE);
        CHECK(ip_parse(first_text, &second));
        CHECK(ip_is_equal(&first, &second));
        ip_format(&second, second_text);
        CHECK(strcmp(first_text, second_text) == 0);
    }
    free(text);
    return 0;
}
