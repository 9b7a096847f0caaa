#!/usr/bin/env python3
"""Writes national.yaml: a made-up backbone over real French cities.

The cities' places are rounded general knowledge; the routers, the links, their capacities and ducts
are invented. Run it after a change of the lists: ./make-national.py > national.yaml
"""
import math

# name: (latitude, longitude, labels that the router can push)
CITIES = {
    "Paris": (48.86, 2.35, 12), "Lyon": (45.76, 4.84, 12), "Marseille": (43.30, 5.37, 12),
    "Toulouse": (43.60, 1.44, 12), "Bordeaux": (44.84, -0.58, 12), "Nantes": (47.22, -1.55, 12),
    "Rennes": (48.11, -1.68, 12), "Lille": (50.63, 3.06, 12), "Strasbourg": (48.57, 7.75, 12),
    "Dijon": (47.32, 5.04, 12), "Reims": (49.26, 4.03, 10), "Nancy": (48.69, 6.18, 10),
    "Metz": (49.12, 6.18, 10), "Mulhouse": (47.75, 7.34, 10), "Besancon": (47.24, 6.02, 10),
    "Troyes": (48.30, 4.07, 6), "Amiens": (49.89, 2.30, 10), "Rouen": (49.44, 1.10, 10),
    "Le-Havre": (49.49, 0.11, 6), "Caen": (49.18, -0.37, 10), "Cherbourg": (49.64, -1.62, 6),
    "Saint-Malo": (48.65, -2.03, 6), "Saint-Brieuc": (48.51, -2.76, 6), "Brest": (48.39, -4.49, 10),
    "Quimper": (48.00, -4.10, 6), "Lorient": (47.75, -3.37, 6), "Vannes": (47.66, -2.76, 6),
    "Angers": (47.47, -0.55, 10), "Le-Mans": (48.00, 0.20, 10), "Chartres": (48.45, 1.49, 6),
    "Orleans": (47.90, 1.91, 10), "Tours": (47.39, 0.69, 10), "Poitiers": (46.58, 0.34, 10),
    "La-Rochelle": (46.16, -1.15, 6), "Angouleme": (45.65, 0.16, 6), "Limoges": (45.83, 1.26, 10),
    "Brive": (45.16, 1.53, 6), "Bourges": (47.08, 2.40, 6), "Nevers": (46.99, 3.16, 6),
    "Clermont-Ferrand": (45.78, 3.09, 10), "Saint-Etienne": (45.44, 4.39, 10),
    "Grenoble": (45.19, 5.72, 10), "Chambery": (45.57, 5.92, 6), "Annecy": (45.90, 6.13, 6),
    "Valence": (44.93, 4.89, 10), "Avignon": (43.95, 4.81, 10), "Nimes": (43.84, 4.36, 6),
    "Montpellier": (43.61, 3.88, 10), "Perpignan": (42.70, 2.90, 6), "Toulon": (43.12, 5.93, 6),
    "Nice": (43.70, 7.27, 10), "Pau": (43.30, -0.37, 6), "Bayonne": (43.49, -1.47, 6),
}

CORE, REGION, LEASED, OVERHEAD = 0, 1, 2, 3  # bits of the administrative group

# Shared ducts: name, number, the links that lie in it.
DUCTS = [
    ("Paris ring south-east", 101, ["Paris-Dijon", "Paris-Troyes", "Paris-Lyon"]),
    ("Paris ring south-west", 102, ["Paris-Orleans", "Paris-Chartres", "Paris-Bordeaux"]),
    ("Paris ring north", 103, ["Paris-Lille", "Paris-Amiens", "Paris-Reims"]),
    ("Rhone valley, left bank", 110, ["Lyon-Valence", "Lyon-Marseille"]),
    ("Rhone valley, south", 111, ["Valence-Avignon", "Lyon-Marseille", "Avignon-Marseille"]),
    ("Durance and coast", 112, ["Marseille-Toulon", "Marseille-Nice"]),
    ("Languedoc coast", 113, ["Nimes-Montpellier", "Montpellier-Marseille", "Montpellier-Toulouse"]),
    ("Garonne canal", 114, ["Bordeaux-Toulouse", "Toulouse-Brive"]),
    ("Atlantic railway", 115, ["Tours-Poitiers", "Poitiers-Angouleme", "Paris-Bordeaux"]),
    ("Loire valley", 116, ["Orleans-Tours", "Tours-Angers", "Nantes-Angers"]),
    ("Brittany north", 117, ["Rennes-Saint-Brieuc", "Saint-Brieuc-Brest", "Rennes-Brest"]),
    ("Brittany south", 118, ["Lorient-Vannes", "Quimper-Lorient"]),
    ("Vosges tunnel", 119, ["Nancy-Strasbourg", "Metz-Strasbourg"]),
    ("Alpine valley", 120, ["Grenoble-Chambery", "Chambery-Annecy"]),
]

# (from, to, capacity in Gbit/s, bits of the administrative group)
LINKS = [
    # The core: long, straight, wide.
    ("Paris", "Lyon", 400, [CORE]), ("Paris", "Lille", 400, [CORE]),
    ("Paris", "Reims", 400, [CORE]), ("Paris", "Dijon", 400, [CORE]),
    ("Paris", "Rennes", 400, [CORE]), ("Paris", "Bordeaux", 400, [CORE]),
    ("Paris", "Rouen", 100, [CORE]), ("Lyon", "Marseille", 400, [CORE]),
    ("Lyon", "Dijon", 400, [CORE]), ("Dijon", "Strasbourg", 400, [CORE]),
    ("Reims", "Strasbourg", 400, [CORE]), ("Reims", "Lille", 400, [CORE]),
    ("Rennes", "Nantes", 400, [CORE]), ("Nantes", "Bordeaux", 400, [CORE]),
    ("Bordeaux", "Toulouse", 400, [CORE]), ("Montpellier", "Toulouse", 400, [CORE]),
    ("Montpellier", "Marseille", 400, [CORE]), ("Rouen", "Lille", 100, [CORE]),
    ("Rouen", "Rennes", 100, [CORE]), ("Lyon", "Toulouse", 100, [CORE]),
    # The north and the east.
    ("Paris", "Amiens", 100, [REGION]), ("Amiens", "Lille", 100, [REGION]),
    ("Amiens", "Rouen", 40, [REGION]), ("Rouen", "Le-Havre", 40, [REGION]),
    ("Le-Havre", "Caen", 40, [REGION]), ("Rouen", "Caen", 40, [REGION]),
    ("Paris", "Troyes", 40, [REGION]), ("Troyes", "Reims", 40, [REGION]),
    ("Troyes", "Dijon", 40, [REGION]), ("Reims", "Metz", 100, [REGION]),
    ("Metz", "Nancy", 100, [REGION]), ("Nancy", "Strasbourg", 100, [REGION]),
    ("Metz", "Strasbourg", 100, [REGION]), ("Nancy", "Dijon", 100, [REGION]),
    ("Strasbourg", "Mulhouse", 100, [REGION]), ("Mulhouse", "Besancon", 100, [REGION]),
    ("Besancon", "Dijon", 100, [REGION]), ("Besancon", "Lyon", 40, [REGION, LEASED]),
    # Normandy and Brittany.
    ("Caen", "Cherbourg", 10, [REGION, OVERHEAD]), ("Cherbourg", "Saint-Malo", 10, [REGION, LEASED]),
    ("Caen", "Rennes", 40, [REGION]), ("Rennes", "Saint-Malo", 10, [REGION]),
    ("Saint-Malo", "Saint-Brieuc", 10, [REGION, OVERHEAD]), ("Rennes", "Saint-Brieuc", 40, [REGION]),
    ("Saint-Brieuc", "Brest", 40, [REGION]), ("Rennes", "Brest", 100, [REGION]),
    ("Brest", "Quimper", 40, [REGION]), ("Quimper", "Lorient", 40, [REGION]),
    ("Lorient", "Vannes", 40, [REGION]), ("Vannes", "Nantes", 40, [REGION]),
    ("Vannes", "Rennes", 40, [REGION, LEASED]),
    # The Loire and the west.
    ("Paris", "Chartres", 40, [REGION]), ("Chartres", "Le-Mans", 40, [REGION]),
    ("Le-Mans", "Rennes", 100, [REGION]), ("Le-Mans", "Angers", 100, [REGION]),
    ("Nantes", "Angers", 100, [REGION]), ("Tours", "Angers", 100, [REGION]),
    ("Le-Mans", "Tours", 40, [REGION]), ("Orleans", "Tours", 100, [REGION]),
    ("Paris", "Orleans", 100, [REGION]), ("Chartres", "Orleans", 10, [REGION, OVERHEAD]),
    ("Tours", "Poitiers", 100, [REGION]), ("Poitiers", "Angouleme", 100, [REGION]),
    ("Angouleme", "Bordeaux", 100, [REGION]), ("Poitiers", "La-Rochelle", 40, [REGION]),
    ("La-Rochelle", "Nantes", 40, [REGION, LEASED]), ("La-Rochelle", "Bordeaux", 40, [REGION]),
    # The middle.
    ("Orleans", "Bourges", 40, [REGION]), ("Bourges", "Nevers", 40, [REGION]),
    ("Nevers", "Clermont-Ferrand", 40, [REGION]), ("Nevers", "Dijon", 40, [REGION, LEASED]),
    ("Bourges", "Limoges", 10, [REGION, OVERHEAD]), ("Poitiers", "Limoges", 40, [REGION]),
    ("Limoges", "Angouleme", 40, [REGION]), ("Limoges", "Brive", 40, [REGION]),
    ("Toulouse", "Brive", 40, [REGION]), ("Brive", "Clermont-Ferrand", 10, [REGION, OVERHEAD]),
    ("Clermont-Ferrand", "Saint-Etienne", 100, [REGION]), ("Saint-Etienne", "Lyon", 100, [REGION]),
    ("Clermont-Ferrand", "Montpellier", 10, [REGION, LEASED]),
    # The south-east and the south-west.
    ("Lyon", "Valence", 100, [REGION]), ("Saint-Etienne", "Valence", 10, [REGION, OVERHEAD]),
    ("Valence", "Avignon", 100, [REGION]), ("Avignon", "Marseille", 100, [REGION]),
    ("Avignon", "Nimes", 100, [REGION]), ("Nimes", "Montpellier", 100, [REGION]),
    ("Lyon", "Grenoble", 100, [REGION]), ("Grenoble", "Valence", 100, [REGION]),
    ("Grenoble", "Chambery", 40, [REGION]), ("Chambery", "Annecy", 40, [REGION]),
    ("Annecy", "Lyon", 40, [REGION]), ("Marseille", "Toulon", 40, [REGION]),
    ("Toulon", "Nice", 40, [REGION]), ("Marseille", "Nice", 100, [REGION]),
    ("Grenoble", "Nice", 10, [REGION, LEASED, OVERHEAD]),
    ("Montpellier", "Perpignan", 40, [REGION]), ("Perpignan", "Toulouse", 40, [REGION]),
    ("Toulouse", "Pau", 40, [REGION]), ("Pau", "Bayonne", 40, [REGION]),
    ("Bayonne", "Bordeaux", 40, [REGION]), ("Pau", "Bordeaux", 10, [REGION, LEASED]),
]

HEAD = """\
# A made-up national backbone: {nodes} routers in real French cities, {links} links. No operator's network;
# places are rounded, everything else is invented. Written by make-national.py; edit that, or this.
#
# Loopbacks        192.0.2.N and 2001:db8::N, N the router's number in order of appearance (hexadecimal)
# Links            198.51.100.0/24 in /31s, 2001:db8:1:<link>::/127
# Node SIDs        SRGB 16000-23999; index N for IPv4, 500 + N for IPv6
# Adjacency SIDs   24000 and up, counted on each router
# SRv6             locator 2001:db8:f0NN::/48; End is function 1, End.X function e0<count>
# IGP metric       distance in units of 10 km, times 1 for 400G, 2 for 100G, 3 for 40G, 5 for 10G
# TE metric        distance in units of 10 km: the straight way, whatever the capacity
# Delay            great circle, a third more for the detours of a duct, 5 us per km of fibre
# Admin group      bit 0 core, 1 regional, 2 leased from others, 3 overhead line (ice, storms)
# SRLGs            the shared ducts:
"""


def distance_km(a, b):
    """Great circle between two cities."""
    (p, l, _), (q, m, _) = CITIES[a], CITIES[b]
    p, l, q, m = map(math.radians, (p, l, q, m))
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin((m - l) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def is_connected_without(missing):
    left = [n for n in CITIES if n != missing]
    seen, todo = {left[0]}, [left[0]]
    while todo:
        here = todo.pop()
        for a, b, *_ in LINKS:
            for there in ([b] if a == here else [a] if b == here else []):
                if there != missing and there not in seen:
                    seen.add(there)
                    todo.append(there)
    return len(seen) == len(left)


def main():
    assert all(is_connected_without(n) for n in [None, *CITIES]), "one failure would split it"
    names = {f"{a}-{b}" for a, b, *_ in LINKS}
    assert len(names) == len(LINKS)
    assert all(link in names for _, _, links in DUCTS for link in links)
    number = {name: i for i, name in enumerate(CITIES, 1)}
    used = dict.fromkeys(CITIES, 0)
    print(HEAD.format(nodes=len(CITIES), links=len(LINKS)), end="")
    for text, duct, _ in DUCTS:
        print(f"#                  {duct} {text}")
    print("""
network: {name: national}

defaults:
  srgb: {base: 16000, size: 8000}
  node-msd: 10
  srv6-structure: [32, 16, 16, 0]

nodes:""")
    for name, (lat, lon, msd) in CITIES.items():
        n = number[name]
        limit = "" if msd == 10 else f"node-msd: {msd}, "
        print(f'  - {{name: {name}, router-id: 192.0.2.{n}, router-id-v6: "2001:db8::{n:x}",\n'
              f'     position: [{lat:.2f}, {lon:.2f}], {limit}'
              f'prefix-sids: [{{index: {n}}}, {{index: {500 + n}, family: ipv6}}],\n'
              f'     srv6-sids: [{{sid: "2001:db8:f0{n:02x}:1::"}}]}}')

    def adjacency(name):
        k = used[name]
        used[name] += 1
        return f'adj-sid: {24000 + k}, srv6-sids: [{{sid: "2001:db8:f0{number[name]:02x}:e0{k:02x}::"}}]'

    print("\nlinks:")
    for i, (a, b, capacity, bits) in enumerate(LINKS):
        km = distance_km(a, b)
        te = max(1, round(km / 10))
        igp = te * {400: 1, 100: 2, 40: 3, 10: 5}[capacity]
        delay = round(km * 4 / 3 * 5)
        srlgs = [duct for _, duct, links in DUCTS if f"{a}-{b}" in links]
        print(f'  - {{from: {a}, to: {b}, capacity: {capacity}G, igp-metric: {igp}, te-metric: {te}, '
              f'delay: {delay / 1000:g}ms,\n'
              f'     admin-group: {bits}, srlgs: {srlgs},\n'
              f'     addresses: [198.51.100.{2 * i}, 198.51.100.{2 * i + 1}], '
              f'addresses-v6: ["2001:db8:1:{i:x}::", "2001:db8:1:{i:x}::1"],\n'
              f'     {adjacency(a)},\n'
              f'     reverse: {{{adjacency(b)}}}}}')


main()
