#!/bin/bash
# jansson gives a text that lacks a key where memory was short for a moment.
#
# A guess: json_dumps gives the whole text, or NULL when memory runs out.
# Seen, with jansson 2.14 (Debian's libjansson4 2.14-2): where the one allocation that is refused is made while a key is
# written, json_dumps gives a text all the same, in which the key is missing or cut off: {"a":"b",":…}. Its dump.c does
# not look at what the writing of a key gives, and what comes next finds memory again. Values are looked at.
#
# So a program that keeps or sends what json_dumps gives, while memory is short, keeps or sends what nobody can read, and
# is not told. json_dump_callback with a callback that fails for good after its first failure is whole or nothing.
#
# Exit code 0: as described. 1: something else was seen. 2: it could not be installed.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" && apt-get -q download libjansson4=2.14-2 libjansson-dev=2.14-2 >apt.log 2>&1 || { cat apt.log; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" "$folder/root" || exit 2; done
library=$(dirname "$(find "$folder/root" -name 'libjansson.so.4')")

cat >keys.c <<'C'
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned refuse_at; /* the allocation from now that is refused; 0: none */
static int was_refused;

static void *take(size_t size)
{
    if (refuse_at > 0 && --refuse_at == 0) {
        was_refused = 1;
        return NULL;
    }
    return malloc(size);
}

int main(void)
{
    unsigned none = 0, broken = 0;
    json_set_alloc_funcs(take, free);
    json_t *json = json_object();
    for (int i = 0; i < 20; i++) {
        char key[64];
        snprintf(key, sizeof key, "a key that is rather long, number %d", i);
        json_object_set_new(json, key, json_integer(i));
    }
    char *whole = json_dumps(json, JSON_COMPACT);
    for (unsigned at = 1;; at++) {
        was_refused = 0;
        refuse_at = at;
        char *text = json_dumps(json, JSON_COMPACT);
        refuse_at = 0;
        if (!was_refused)
            break;
        if (text == NULL) {
            none++;
        } else if (strcmp(text, whole) != 0) {
            json_t *read = json_loads(text, 0, NULL);
            printf("allocation %u refused: %zu octets of %zu, %s JSON\n", at, strlen(text), strlen(whole),
                   read == NULL ? "no" : "good");
            broken++;
        }
    }
    printf("%u refusals gave NULL, %u a broken text\n", none, broken);
    return broken > 0 ? 0 : 1;
}
C
cc -o keys keys.c -I"$folder/root/usr/include" -L"$library" -l:libjansson.so.4 -Wl,-rpath,"$library" || exit 2
./keys
