"""A person of whom the network holds one of everything, and somebody else whose texts name them."""

from graph import accounts, audiences, consents, sessions
from graph.accounts import Account
from graph.alphabet import order_everything
from graph.consents import How, Purpose
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.sessions import SignedInBy
from graph.values import ExpertId
from graph.vectors import CREATE_INDEX
from graph.viewer import Audience, FieldGroup, Role, Viewer

__all__ = ["ADDRESS", "EXPERT", "NAME", "OTHER", "add_person"]

EXPERT, OTHER = ExpertId("ama-testperson"), ExpertId("salma-testperson")
NAME = "Ama Testperson"
ADDRESS = "ama@example.org"

PEOPLE = """
CREATE (e:Expert {id: $expert, name: $name, email: 'Ama@example.org', headline: 'Calls herself amatest',
                  joined: date('2022-02-10'), digest: 'd-expert'})
CREATE (o:Expert {id: $other, name: 'Salma Testperson', email: 'salma@example.org', digest: 'd-other'})
CREATE (c:Country {id: 'TN', name_en: 'Tunisia'}), (l:Language {id: 'fr', name_en: 'French'})
CREATE (t:Topic {id: 'worship', label_en: 'Worship'}), (v:Event {id: 'briefing', title: 'A briefing', kind: 'briefing'})
CREATE (w:Event {id: 'workshop', title: 'A workshop, led by Ama Testperson', kind: 'workshop', digest: 'd-event'})
CREATE (org:Organisation {id: 'stewards', name: 'Stewards'})
CREATE (r:Resource {id: 'guide', title: 'A guide', digest: 'd-resource', kind: 'guide'})
CREATE (e)-[:BASED_IN]->(c), (e)-[:WORKED_IN]->(c), (e)-[:SPEAKS {level: 'fluent'}]->(l),
       (e)-[:EXPERT_IN {level: 'lead', since: 2011}]->(t),
       (e)-[:AFFILIATED_WITH {id: 'a1', role: 'Head', from: '2014', digest: 'd'}]->(org), (e)-[:AUTHORED]->(r),
       (e)-[:SPOKE_AT {id: 's1', role: 'The one from Tunis', talk: 'amatest talks', digest: 'd'}]->(v),
       (e)-[:ATTENDED {id: 'x1', digest: 'd'}]->(v), (e)-[:ATTENDED {id: 'x2', digest: 'd'}]->(w),
       (o)-[:SPOKE_AT {id: 's2', role: 'Host', talk: 'With Ama Testperson', digest: 'd'}]->(v)
CREATE (own:Document {id: 'documents/biographies/ama-testperson.md', kind: 'biography', title: 'Of Ama', digest: 'd1'})
CREATE (shared:Document {id: 'documents/talks/briefing--ama-testperson.md', kind: 'talk', title: 'A talk',
                         digest: 'd2'})
CREATE (e)-[:EVIDENCED_BY]->(p:Passage {id: 'p1', text: 'amatest has trained stewards.', kind: 'biography', position: 0,
         source: own.id})-[:PART_OF]->(own)
CREATE (e)-[:EVIDENCED_BY]->(:Passage {id: 'p2', text: 'amatest spoke of gates.', kind: 'talk', position: 0,
         source: shared.id})-[:PART_OF]->(shared)
CREATE (o)-[:EVIDENCED_BY]->(:Passage {id: 'q1', title: 'By Ama Testperson and others', kind: 'talk', position: 1,
         text: 'She asked ama-testperson (AMA@example.org), not ama-testperson-2.',
         source: shared.id})-[:PART_OF]->(shared)
CREATE (o)-[:EVIDENCED_BY]->(:Passage {id: 'q2', text: 'Panama and drama.', kind: 'biography', position: 0,
         source: 'x'})
CREATE (shared)-[:DRAWN_FROM]->(v)
CREATE (:Expert {id: 'ama-testperson-2', name: 'Ama Otherperson'})
CREATE (:Invitation {id: 'i1', digest: 'd-invitation', email: 'ama@example.org', role: 'member', note: 'Dear amatest',
        invited_by: 'command line', created_at: datetime(), expires_at: datetime()})
CREATE (:SignInLink {digest: 'd-link', email: 'ama@example.org', browser: 'd-browser', created_at: datetime(),
        expires_at: datetime()})
"""
IDENTITY = """
MATCH (a:Account {id: $account})
SET a.known_browsers = ['d-known']
CREATE (a)-[:SIGNS_IN_AS]->(:Identity {id: 'https://provider.example.org amasubject',
                                       issuer: 'https://provider.example.org', subject: 'amasubject'})
CREATE (:Token {id: 't1', name: 'client', digest: 'd-token', role: 'member', scopes: [], created_at: datetime(),
                created_by: 'account:' + a.id})
"""
EMBED = """
MATCH (p:Passage) WHERE p.found_by IS NOT NULL
SET p.encoder = 'x', p.sentences = [0, 3, 4, 7],
    p.sentence_vectors = CASE WHEN EXISTS { (:Expert {id: $expert})-[:EVIDENCED_BY]->(p) } AND p.id <> 'q2'
                              THEN $own ELSE $of_others END
WITH p
CALL db.create.setNodeVectorProperty(p, 'embedding', [i IN range(1, 768) | CASE i WHEN 7 THEN 1.0 ELSE 0.0 END])
"""


async def add_person(graph: Graph) -> Account:
    """Write the two people into an empty graph; the account of the first."""
    await graph.write(CREATE_INDEX, dimensions=768)
    await graph.write(PEOPLE, expert=EXPERT, name=NAME, other=OTHER)
    await order_everything(graph)

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[EXPERT, OTHER])

    await graph.transact(work)
    administrator = Viewer.at_the_command_line()
    account = await accounts.create(graph, administrator, email=ADDRESS, role=Role.MEMBER, expert=EXPERT)
    await graph.write(IDENTITY, account=account.id)
    await sessions.open_session(
        graph, account.viewer, account=account.id, how=SignedInBy.LINK, agent="A browser of amatest"
    )
    own = account.viewer
    await consents.decide(graph, own, expert=EXPERT, purpose=Purpose.MATCHED, given=True, how=How.PAGE)
    await consents.decide(graph, own, expert=EXPERT, purpose=Purpose.CONTACTED, given=False, how=How.PAGE)
    await audiences.set_of_person(graph, own, expert=EXPERT, chosen={FieldGroup.COUNTRY: Audience.ORGANISERS})
    await graph.write(EMBED, expert=EXPERT, own=b"amatest" * 200, of_others=b"of others" * 200)
    return account
