"""Service levels hold over all nodes together, and a killed node's places come free when its leases end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.nodes import Cluster, clustered, eventually
from tests.journeys.server import effects


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with clustered(tmp_path) as cluster:
        (cluster.project / "penstock.toml").write_text("[levels.tasks.slow]\nconcurrency = 1\n")
        yield cluster


def test_one_at_a_time_is_one_over_all_nodes_and_a_killed_node_gives_its_place_back(cluster: Cluster) -> None:
    first = cluster.add()
    ids = [cluster.start(first, "patience")]
    eventually(lambda: effects(cluster.project, "begun"))
    second = cluster.add()
    ids += [cluster.start(second, "patience") for _ in range(2)]
    cluster.nodes[first].kill()
    eventually(lambda: len(effects(cluster.project, "begun")) == 2)
    (cluster.project / "go").touch()
    for id in ids:
        eventually(lambda id=id: cluster.state(second, id) == "completed")
    lines = (cluster.project / "effects").read_text().split("\n")
    order = [word for line in lines if (word := line.partition(" ")[0]) in ("begun", "slow")]
    assert order == ["begun"] + ["begun", "slow"] * 3
