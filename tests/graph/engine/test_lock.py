from graph.engine.lock import Jar, jars, lock_digest, neo4j_version


def test_lock_names_every_jar_once() -> None:
    names = [jar.file_name for jar in jars()]

    assert len(names) == 237
    assert len(set(names)) == 237


def test_lock_holds_no_address() -> None:
    text = " ".join(jar.coordinates for jar in jars())

    assert "/" not in text
    assert neo4j_version() == "2026.08.1"
    assert len(lock_digest()) == 32


def test_jar_of_one_platform_has_its_classifier_in_its_name() -> None:
    line = "io.netty:netty-transport-native-epoll:4.2.17.Final:linux-x86_64 0a1b 42"

    jar = Jar.parse(line)

    assert jar == Jar("io.netty", "netty-transport-native-epoll", "4.2.17.Final", "linux-x86_64", "0a1b", 42)
    assert jar.coordinates == "io.netty:netty-transport-native-epoll:4.2.17.Final:linux-x86_64"
    assert jar.file_name == "netty-transport-native-epoll-4.2.17.Final-linux-x86_64.jar"
