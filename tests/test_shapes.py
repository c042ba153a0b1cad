"""The shapes: a good graph conforms, and each shape is broken by something, with its own message."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import get_args, get_type_hints

import pytest
from rdflib import RDF, SH, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from kg import citations, referents, vocabulary
from kg.document import Calendar, Mention
from kg.referee import refereed
from kg.vocabulary import ONTOLOGY_FOLDER, SHAPES_FOLDER

DGM = Namespace(vocabulary.DGM.iri)
SHAPE = "https://w3id.org/dragoman/shapes#"
FILES = sorted(SHAPES_FOLDER.glob("*.ttl"))
PREFIXES = "@base <http://localhost:8000/id/> .\n" + "".join(
    f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in vocabulary.PREFIXES.items()
)
EDTF = f"<{vocabulary.EDTF}>"

# One of everything that a source gives.
GOOD = f"""
<graph/v1.xml> a prov:Entity ; rdfs:label "Statements from v1.xml" ;
    prov:wasDerivedFrom <source/v1.xml> ; prov:wasGeneratedBy <activity/v1.xml> .
<source/v1.xml> a dgm:Source, prov:Entity ; rdfs:label "v1.xml" ; dgm:sha256 "{"0a" * 32}" ;
    dcterms:format "application/tei+xml" ; dcat:byteSize 99 .
<activity/v1.xml> a prov:Activity ; rdfs:label "Mapping of v1.xml" ;
    prov:used <source/v1.xml> ; prov:wasAssociatedWith <software/0.1.0> .
<software/0.1.0> a prov:SoftwareAgent ; rdfs:label "Dragoman 0.1.0" ; dgm:version "0.1.0" .

<volume/v1> a dgm:Volume ; rdfs:label "Papers" ; dcterms:identifier "v1" ; dcterms:title "Papers" ;
    dgm:series "Papers" ; dgm:subseries "1931" ; dgm:volumeNumber "Volume I" ; dgm:subtitle "East" ;
    dcterms:publisher "The Press" ; dcterms:issued "1951" .
<division/v1/ch1> a dgm:Division ; rdfs:label "East" ; dcterms:identifier "v1/ch1" ; dgm:heading "East" ;
    dgm:divisionType "chapter" ; dgm:order 1 ; dgm:volume <volume/v1> ; dgm:partOf <volume/v1> .
<division/v1/ch1s1> a dgm:Division ; rdfs:label "Far" ; dcterms:identifier "v1/ch1s1" ; dgm:heading "Far" ;
    dgm:divisionType "section" ; dgm:order 2 ; dgm:volume <volume/v1> ; dgm:partOf <division/v1/ch1> .
<page/v1/64> a dgm:Page ; rdfs:label "v1, page 64" ; dgm:pageNumber "64" ; dgm:volume <volume/v1> ; dgm:order 1 .
<page/v1/65> a dgm:Page ; rdfs:label "v1, page 65" ; dgm:pageNumber "65" ; dgm:volume <volume/v1> ; dgm:order 2 .

<document/v1/d1> a dgm:Document ; rdfs:label "Roe to the Secretary" ; dcterms:identifier "v1/d1" ;
    dcterms:title "Roe to the Secretary" ; dgm:order 1 ; dgm:text "One.\\nTwo." ; dgm:kind dgm:telegram ;
    dgm:volume <volume/v1> ; dgm:partOf <division/v1/ch1s1> ; dgm:number "1261" ; dgm:flag "[Translation]" ;
    dgm:sourceNote "724.3415/3603: Telegram" ; dgm:fileNumber "724.3415/3603" ; dgm:file <file/724.3415> ;
    dgm:sending <sending/v1/d1> ; dgm:receiving <receiving/v1/d1> ; dgm:signature <signature/v1/d1/1> ;
    dgm:firstPage <page/v1/64> ; dgm:page <page/v1/64> ; dgm:footnote <footnote/v1/d1/1>, <footnote/v1/d1/2> .
<document/v1/d2> a dgm:Document ; rdfs:label "v1/d2" ; dcterms:identifier "v1/d2" ; dgm:order 2 ; dgm:text "" ;
    dgm:volume <volume/v1> ; dgm:partOf <volume/v1> .
<file/724.3415> a dgm:FileUnit ; rdfs:label "File 724.3415" ; dcterms:identifier "724.3415" .
<footnote/v1/d1/1> a dgm:Footnote ; rdfs:label "v1/d1, footnote 1" ; dgm:mark "1" ; dgm:text "Not printed." ;
    dgm:order 1 ; dgm:onHeading true .
<footnote/v1/d1/2> a dgm:Footnote ; rdfs:label "v1/d1, footnote 2" ; dgm:mark "2" ; dgm:text "Infra." ;
    dgm:order 2 ; dgm:onHeading false ; dgm:offset 4 .

<sending/v1/d1> a dgm:Sending ; rdfs:label "Sending of v1/d1" ; dgm:printed "Tokyo, March, 1931" ;
    dgm:placePrinted "Tokyo" ; dgm:datePrinted "March, 1931" ; dgm:date "1931-03"^^xsd:gYearMonth ;
    dgm:edtf "1931-03"^^{EDTF} ; dgm:earliest "1931-03-01"^^xsd:date ; dgm:latest "1931-03-31"^^xsd:date ;
    dgm:sender <party/v1/d1/from-1> .
<receiving/v1/d1> a dgm:Receiving ; rdfs:label "Receiving of v1/d1" ; dgm:printed "Received April 1" ;
    dgm:placePrinted "Washington" ; dgm:datePrinted "April 1" ; dgm:date "--04-01"^^xsd:gMonthDay ;
    dgm:edtf "XXXX-04-01"^^{EDTF} ; dgm:earliest "1931-04-01T08:00:00"^^xsd:dateTime ;
    dgm:latest "1931-04-01T08:00:00"^^xsd:dateTime ; dgm:recipient <party/v1/d1/to-1> .
<party/v1/d1/from-1> a dgm:Party ; rdfs:label "The Minister (Roe)" ; dgm:printed "The Minister (Roe)" ;
    dgm:name "Roe" ; dgm:role "Minister" ; dgm:order 1 ; dgm:person <person/v1/p_R1> .
<party/v1/d1/to-1> a dgm:Party ; rdfs:label "The Secretary" ; dgm:printed "The Secretary" ; dgm:role "Secretary" ;
    dgm:order 1 .
<person/v1/p_R1> a dgm:Person ; rdfs:label "Roe" .
<person/roe-jane> a dgm:Person ; rdfs:label "Jane Roe" ; dcterms:identifier "roe-jane" ; dgm:authority "roe-jane" ;
    dgm:birthYear "1880"^^xsd:gYear ; dgm:deathYear "1965"^^xsd:gYear .

<inference/v1/d1/page> a dgm:Inference ; rdfs:label "v1/d1: page, inferred" ; rdf:subject <document/v1/d1> ;
    rdf:predicate dgm:page ; rdf:object <page/v1/65> ; dgm:rule <rule/next> ; dgm:certainty dgm:certain ;
    dgm:evidence "[Page 64]" .
<rule/next> a dgm:Rule ; rdfs:label "The page after" ; dcterms:description "Text goes on on the next page." .

<document/v1/d1> dgm:citation <citation/v1/d1/c1> ; dgm:mention <mention/v1/d1/m1> ;
    dgm:enclosure <enclosure/v1/d1/a1> ; dgm:holding <holding/v1/d1> ; dgm:subjectLine "Far" ;
    dgm:participant <party/v1/d1/participant-1> ; dgm:serial "3603" ; dgm:serialDate "1931-03-13"^^xsd:date .
<document/v1/d1> dgm:pageBreak <page-break/v1/d1/65> .
<page-break/v1/d1/65> a dgm:PageBreak ; rdfs:label "v1/d1, page 65 begins" ; dgm:begins <page/v1/65> ; dgm:offset 2 .
<signature/v1/d1/1> a dgm:Signature ; rdfs:label "Roe Consul" ; dgm:printed "Roe Consul" ; dgm:signer "Roe" ;
    dgm:role "Consul" ; dgm:signedFor "Minister" ; dgm:order 1 .
<party/v1/d1/participant-1> a dgm:Party ; rdfs:label "Roe" ; dgm:printed "Roe" ; dgm:order 1 .
<unprinted/v1/d1/c1> a dgm:UnprintedDocument ; rdfs:label "Not printed, of v1/d1: No. 55" ; dgm:number "55" .
<footnote/v1/d1/2> dgm:citation <citation/v1/d1/c2> ; dgm:mention <mention/v1/d1/m2> .
<holding/v1/d1> a dgm:Holding ; rdfs:label "Holding of v1/d1" ; dgm:printed "Paris, 1 p.m." ;
    dgm:placePrinted "Paris" ; dgm:datePrinted "1 p.m." ; dgm:date "1931-03-13T13:00:00"^^xsd:dateTime ;
    dgm:edtf "1931-03-13T13:00:00"^^{EDTF} ; dgm:earliest "1931-03-13T13:00:00"^^xsd:dateTime ;
    dgm:latest "1931-03-13T13:00:00"^^xsd:dateTime ; dgm:calendar "julian" ; dgm:doubt "a hole in the paper" ;
    dgm:otherwise "1931-03-13T15:00:00"^^{EDTF} .
<sending/v1/d1> dgm:calendar "julian" ; dgm:doubt "blotted" ; dgm:otherwise "1931-05"^^{EDTF} .
<receiving/v1/d1> dgm:calendar "julian" ; dgm:doubt "blotted" ; dgm:otherwise "XXXX-04-07"^^{EDTF} .
<party/v1/d1/from-1> dgm:temporaryPlace "Paris" .
<person/v1/p_R1> dcterms:description "Minister to Ruritania" .
<division/v1/ch1s1> dgm:text "A preface." .
<listed-source/v1/1> a dgm:ListedSource ; rdfs:label "Lot 71 D 228" ; dgm:order 1 ; dgm:partOf <volume/v1> ;
    dgm:volume <volume/v1> ; dgm:file <file/724.3415> .
<state/a> a dgm:State ; rdfs:label "A" ; dcterms:identifier "a" ; skos:altLabel "Old A" .
<state/b> a dgm:State ; rdfs:label "B" ; dcterms:identifier "b" .
<state-name/a/old> a dgm:StateName ; rdfs:label "Old A" ; dgm:state <state/a> ; dgm:earliest "1880"^^xsd:gYear ;
    dgm:latest "1935"^^xsd:gYear .
<mission/a/b> a dgm:Mission ; rdfs:label "A in B" ; dgm:sendingState <state/a> ; dgm:receivingState <state/b> .
<office/chief/b> a dgm:Office ; rdfs:label "Chief, B" ; dcterms:identifier "chief/b" ; dgm:sendingState <state/a> ;
    dgm:receivingState <state/b> ; org:postIn <mission/a/b> .
<term-of-office/t1> a dgm:TermOfOffice ; rdfs:label "Roe, Minister" ; dcterms:identifier "t1" ;
    dgm:holder <person/roe-jane> ; dgm:office <office/chief/b> ; dgm:appointed "1930"^^xsd:gYear ;
    dgm:arrived "1930-05"^^xsd:gYearMonth ; dgm:credentialsPresented "1930-05-06"^^xsd:date ;
    dgm:entered "1930-05-07"^^xsd:date ; dgm:ended "1931-05-06"^^xsd:date ; dgm:appointedNote "In recess" ;
    dgm:arrivedNote "By ship" ; dgm:enteredNote "At night" ; dgm:endedNote "Left" ; dgm:residentAt "B" .
<term-of-office/n1> a dgm:Nomination ; rdfs:label "Roe, Minister" ; dcterms:identifier "n1" ;
    dgm:holder <person/roe-jane> ; dgm:office <office/chief/b> ; dgm:appointed "1930"^^xsd:gYear ;
    dgm:arrived "1930-05"^^xsd:gYearMonth ; dgm:credentialsPresented "1930-05-06"^^xsd:date ;
    dgm:entered "1930-05-07"^^xsd:date ; dgm:ended "1931-05-06"^^xsd:date ; dgm:appointedNote "In recess" ;
    dgm:arrivedNote "By ship" ; dgm:enteredNote "At night" ; dgm:endedNote "Left" ; dgm:residentAt "B" .
<relation/r1> a dgm:RelationEvent ; rdfs:label "Recognition" ; dgm:state <state/a>, <state/b> ;
    dgm:eventType "recognition" ; dgm:earliest "1880"^^xsd:gYear ; dgm:latest "1880"^^xsd:gYear .
<visit/1> a dgm:Visit ; rdfs:label "Roe" ; dgm:visitor "Roe" ; dgm:state <state/b> ;
    dgm:earliest "1880"^^xsd:gYear ; dgm:latest "1880"^^xsd:gYear .
<travel/1> a dgm:Travel ; rdfs:label "Roe" ; dgm:person <person/roe-jane> ; dgm:state <state/b> ;
    dgm:earliest "1880"^^xsd:gYear ; dgm:latest "1880"^^xsd:gYear .
<place/1> a dgm:Place ; rdfs:label "Novy" ; schema:latitude 4.5 ; schema:longitude -7.25 ; dgm:state <state/a> ;
    skos:exactMatch <https://sws.geonames.org/1/> .
<term/v1/t1> a dgm:Term ; rdfs:label "NAC" ; dcterms:description "Council" ; dgm:volume <volume/v1> .

<file/724.3415> dgm:fileScheme <concept/decimal-1910> .
<concept/decimal-1910> a skos:ConceptScheme ; rdfs:label "Decimal file" ; dcterms:identifier "decimal-1910" .
<concept/7> a skos:Concept ; rdfs:label "7 Politics" ; skos:prefLabel "Politics" ; skos:notation "7" ;
    skos:inScheme <concept/decimal-1910> .
<concept/72> a skos:Concept ; rdfs:label "72 Peru" ; skos:prefLabel "Peru" ; skos:notation "72" ; dgm:iso3 "PER" ;
    skos:altLabel "Republic of Peru", "Perú" ; skos:inScheme <concept/decimal-1910> ; skos:broader <concept/7> ;
    dcterms:source <work/manual> .
<work/manual> a dcterms:BibliographicResource ; rdfs:label "Manual" .

<citation/v1/d1/c1> a dgm:Citation ; rdfs:label "One" ; dgm:printed "One" ; dgm:passage <passage/v1/d1/p1> ;
    dgm:citationForm "page" ; dgm:number "55" ; dgm:target <page/v1/64>, <page/v9/1>, <unprinted/v1/d1/c1> ;
    dgm:unprinted true .
<citation/v1/d1/c2> a dgm:Citation ; rdfs:label "Infra" ; dgm:printed "Infra" ; dgm:passage <passage/v1/d1/p2> .
<mention/v1/d1/m1> a dgm:Mention ; rdfs:label "One" ; dgm:printed "One" ; dgm:passage <passage/v1/d1/p1> ;
    dgm:mentionKind "person" ; dgm:refersTo <person/v1/p_R1> .
<mention/v1/d1/m2> a dgm:Mention ; rdfs:label "Infra" ; dgm:printed "Infra" ; dgm:passage <passage/v1/d1/p2> ;
    dgm:mentionKind "place" .
<passage/v1/d1/p1> a dgm:Passage ; rdfs:label "v1/d1, text: One" ; oa:hasSource <document/v1/d1> ; dgm:within dgm:text ;
    oa:hasSelector <passage/v1/d1/p1/position>, <passage/v1/d1/p1/quote> .
<passage/v1/d1/p1/position> a oa:TextPositionSelector ; rdfs:label "0 to 3" ; oa:start 0 ; oa:end 3 .
<passage/v1/d1/p1/quote> a oa:TextQuoteSelector ; rdfs:label "One" ; oa:exact "One" .
<passage/v1/d1/p2> a dgm:Passage ; rdfs:label "v1/d1, footnote/2: Infra" ; oa:hasSource <footnote/v1/d1/2> ;
    dgm:within dgm:text ; oa:hasSelector <passage/v1/d1/p2/position>, <passage/v1/d1/p2/quote> .
<passage/v1/d1/p2/position> a oa:TextPositionSelector ; rdfs:label "0 to 5" ; oa:start 0 ; oa:end 5 .
<passage/v1/d1/p2/quote> a oa:TextQuoteSelector ; rdfs:label "Infra" ; oa:exact "Infra" .
<inference/v1/d1/page> dgm:passage <passage/v1/d1/p1> ; dgm:rule <rule/first> .
<rule/first> a dgm:Rule ; rdfs:label "First" ; dcterms:description "The first page counts." .

<mention/v1/d1/text-0-3> a dgm:InferredMention, oa:Annotation ; rdfs:label "One" ; dgm:printed "One" ;
    dgm:mentionedIn <document/v1/d1> ; dgm:mentionKind "person" ; dgm:name "One" ; dgm:role "King" ;
    dgm:certainty dgm:probable ; dgm:evidence "King One" ; dgm:rule <rule/first> ; dgm:refersTo <person/roe-jane> ;
    dgm:office <office/chief/b> ; dgm:state <state/a> ; dgm:edtf "1931-03"^^{EDTF} ; dgm:passage <passage/v1/d1/p1> ;
    oa:hasTarget <passage/v1/d1/p1> ; as:generator <software/0.1.0> .
<government/a> a dgm:Government ; rdfs:label "Government, A" ; dgm:state <state/a> .

<enclosure/v1/d1/a1> a dgm:Enclosure ; rdfs:label "v1/d1: Report" ; dgm:partOf <document/v1/d1> ; dgm:order 1 ;
    dgm:flag "[Enclosure]" ; dgm:heading "Report" ; dgm:passage <passage/v1/d1/p1> ;
    dgm:sending <sending/v1/d1-a1> ; dgm:receiving <receiving/v1/d1-a1> .
<sending/v1/d1-a1> a dgm:Sending ; rdfs:label "Sending of v1/d1-a1" ; dgm:printed "Lima" .
<receiving/v1/d1-a1> a dgm:Receiving ; rdfs:label "Receiving of v1/d1-a1" ; dgm:printed "Received" .
"""

DOCUMENT, FOOTNOTE, PARTY = "<document/v1/d1>", "<footnote/v1/d1/2>", "<party/v1/d1/from-1>"
DIVISION, INFERENCE, SOURCE = "<division/v1/ch1s1>", "<inference/v1/d1/page>", "<source/v1.xml>"
GRAPH, ACTIVITY, PERSON, VOLUME = "<graph/v1.xml>", "<activity/v1.xml>", "<person/roe-jane>", "<volume/v1>"

# (shape, what is taken from the good graph: "subject predicate", what is put in).  A shape with several
# constraints stands here as often as it can be broken in a way of its own.
BROKEN = [
    ("Document", "", "[] a dgm:Document ."),
    ("Document-identifier", f"{DOCUMENT} dcterms:identifier", ""),
    ("Document-identifier", "", f'{DOCUMENT} dcterms:identifier "v1/d1bis" .'),
    ("Document-identifier", f"{DOCUMENT} dcterms:identifier", f'{DOCUMENT} dcterms:identifier "d1" .'),
    ("Document-label", f"{DOCUMENT} rdfs:label", f'{DOCUMENT} rdfs:label "" .'),
    ("Document-label", f"{DOCUMENT} rdfs:label", f'{DOCUMENT} rdfs:label "Roe"@en .'),
    ("Document-title", "", f'{DOCUMENT} dcterms:title "Another" .'),
    ("Document-order", f"{DOCUMENT} dgm:order", f"{DOCUMENT} dgm:order 0 ."),
    ("Document-order", f"{DOCUMENT} dgm:order", f'{DOCUMENT} dgm:order "1" .'),
    ("Document-text", f"{DOCUMENT} dgm:text", ""),
    ("Document-volume", f"{DOCUMENT} dgm:volume", f"{DOCUMENT} dgm:volume <volume/v9> ."),
    ("Document-partOf", f"{DOCUMENT} dgm:partOf", f"{DOCUMENT} dgm:partOf <page/v1/64> ."),
    ("Document-kind", "", f"{DOCUMENT} dgm:kind dgm:note ."),
    ("Document-kind", f"{DOCUMENT} dgm:kind", f"{DOCUMENT} dgm:kind dgm:protest ."),
    ("Document-number", "", f'{DOCUMENT} dgm:number "1262" .'),
    ("Document-sourceNote", "", f'{DOCUMENT} dgm:sourceNote "Another" .'),
    ("Document-flag", "", f'{DOCUMENT} dgm:flag "" .'),
    ("Document-signature", "", f"{DOCUMENT} dgm:signature {PARTY} ."),
    ("Document-fileNumber", "", f'{DOCUMENT} dgm:fileNumber "724.3415/1" .'),
    ("Document-file", "", f'{DOCUMENT} dgm:file "724.3415" .'),
    ("Document-sending", "", f"{DOCUMENT} dgm:sending <receiving/v1/d1> ."),
    ("Document-receiving", "", f"{DOCUMENT} dgm:receiving <sending/v1/d1> ."),
    ("Document-firstPage", "", f"{DOCUMENT} dgm:firstPage <page/v1/65> ."),
    ("Document-page", "", f"{DOCUMENT} dgm:page <page/v1/66> ."),
    ("Document-footnote", "", f"{DOCUMENT} dgm:footnote <footnote/v1/d1/9> ."),
    ("Volume", "", "[] a dgm:Volume ."),
    ("Volume-identifier", f"{VOLUME} dcterms:identifier", f'{VOLUME} dcterms:identifier "v1/x" .'),
    ("Volume-label", f"{VOLUME} rdfs:label", ""),
    ("Volume-title", "", f'{VOLUME} dcterms:title "Another" .'),
    ("Volume-series", "", f'{VOLUME} dgm:series "Another" .'),
    ("Volume-subseries", "", f'{VOLUME} dgm:subseries "Another" .'),
    ("Volume-volumeNumber", "", f'{VOLUME} dgm:volumeNumber "Another" .'),
    ("Volume-subtitle", "", f'{VOLUME} dgm:subtitle "Another" .'),
    ("Volume-publisher", "", f'{VOLUME} dcterms:publisher "Another" .'),
    ("Volume-issued", "", f'{VOLUME} dcterms:issued "1952" .'),
    ("Division", "", "[] a dgm:Division ."),
    ("Division-identifier", f"{DIVISION} dcterms:identifier", f'{DIVISION} dcterms:identifier "ch1s1" .'),
    ("Division-label", f"{DIVISION} rdfs:label", ""),
    ("Division-heading", "", f'{DIVISION} dgm:heading "Another" .'),
    ("Division-divisionType", f"{DIVISION} dgm:divisionType", ""),
    ("Division-order", f"{DIVISION} dgm:order", ""),
    ("Division-volume", f"{DIVISION} dgm:volume", ""),
    ("Division-partOf", f"{DIVISION} dgm:partOf", ""),
    ("Division-root", "<division/v1/ch1> dgm:partOf", f"<division/v1/ch1> dgm:partOf {DIVISION} ."),
    ("Page", "", "[] a dgm:Page ."),
    ("Page-label", "<page/v1/65> rdfs:label", ""),
    ("Page-pageNumber", "", '<page/v1/65> dgm:pageNumber "66" .'),
    ("Page-volume", "", "<page/v1/65> dgm:volume <page/v1/65> ."),
    ("Page-order", "", "<page/v1/65> dgm:order 3 ."),
    ("Footnote", "", "[] a dgm:Footnote ."),
    ("Footnote-label", f"{FOOTNOTE} rdfs:label", ""),
    ("Footnote-mark", "", f'{FOOTNOTE} dgm:mark "3" .'),
    ("Footnote-text", f"{FOOTNOTE} dgm:text", ""),
    ("Footnote-order", f"{FOOTNOTE} dgm:order", ""),
    ("Footnote-onHeading", f"{FOOTNOTE} dgm:onHeading", ""),
    ("Footnote-offset", f"{FOOTNOTE} dgm:offset", f"{FOOTNOTE} dgm:offset -1 ."),
    ("Footnote-document", f"{DOCUMENT} dgm:footnote", ""),
    ("Footnote-document", "", f"<document/v1/d2> dgm:footnote {FOOTNOTE} ."),
    ("Footnote-place", "", "<footnote/v1/d1/1> dgm:offset 0 ."),
    ("Party", "", "[] a dgm:Party ."),
    ("Party-label", f"{PARTY} rdfs:label", ""),
    ("Party-printed", f"{PARTY} dgm:printed", ""),
    ("Party-name", "", f'{PARTY} dgm:name "Doe" .'),
    ("Party-role", "", f'{PARTY} dgm:role "Consul" .'),
    ("Party-order", f"{PARTY} dgm:order", ""),
    ("Party-person", "", f"{PARTY} dgm:person {PERSON} ."),
    ("Party-event", "<sending/v1/d1> dgm:sender", ""),
    ("Party-event", "", f"<receiving/v1/d1> dgm:recipient {PARTY} ."),
    ("Person", "", "[] a dgm:Person ."),
    ("Person-label", f"{PERSON} rdfs:label", ""),
    ("Person-identifier", "", f'{PERSON} dcterms:identifier "doe-jane" .'),
    ("Person-authority", f"{PERSON} dgm:authority", f'{PERSON} dgm:authority "Roe, Jane" .'),
    ("Person-birthYear", "", f'{PERSON} dgm:birthYear "1881"^^xsd:gYear .'),
    ("Person-deathYear", f"{PERSON} dgm:deathYear", f'{PERSON} dgm:deathYear "1965" .'),
    ("FileUnit", "", "[] a dgm:FileUnit ."),
    ("FileUnit-identifier", "<file/724.3415> dcterms:identifier", ""),
    ("FileUnit-label", "<file/724.3415> rdfs:label", ""),
    ("Inference", "", "[] a dgm:Inference ."),
    ("Inference-label", f"{INFERENCE} rdfs:label", ""),
    ("Inference-subject", f"{INFERENCE} rdf:subject", ""),
    ("Inference-predicate", f"{INFERENCE} rdf:predicate", f'{INFERENCE} rdf:predicate "page" .'),
    ("Inference-object", "", f"{INFERENCE} rdf:object <page/v1/64> ."),
    ("Inference-rule", f"{INFERENCE} dgm:rule", ""),
    ("Inference-certainty", f"{INFERENCE} dgm:certainty", f'{INFERENCE} dgm:certainty "high" .'),
    ("Inference-evidence", f"{INFERENCE} dgm:evidence", ""),
    ("Rule", "", "[] a dgm:Rule ."),
    ("Rule-label", "<rule/next> rdfs:label", ""),
    ("Rule-description", "<rule/next> dcterms:description", ""),
    ("Source", "", "[] a dgm:Source ."),
    ("Source-label", f"{SOURCE} rdfs:label", ""),
    ("Source-sha256", f"{SOURCE} dgm:sha256", f'{SOURCE} dgm:sha256 "{"0A" * 32}" .'),
    ("Source-format", f"{SOURCE} dcterms:format", f'{SOURCE} dcterms:format "XML" .'),
    ("Source-byteSize", f"{SOURCE} dcat:byteSize", f"{SOURCE} dcat:byteSize 1.5 ."),
    ("Graph", "", "[] a prov:Entity ."),
    ("Graph-label", f"{GRAPH} rdfs:label", ""),
    ("Graph-origin", f"{GRAPH} prov:wasDerivedFrom", ""),
    ("Graph-origin", f"{GRAPH} prov:wasGeneratedBy", f"{GRAPH} prov:wasGeneratedBy <software/0.1.0> ."),
    ("Activity", "", "[] a prov:Activity ."),
    ("Activity-label", f"{ACTIVITY} rdfs:label", ""),
    ("Activity-used", f"{ACTIVITY} prov:used", ""),
    ("Activity-wasAssociatedWith", f"{ACTIVITY} prov:wasAssociatedWith", ""),
    ("Software", "", "[] a prov:SoftwareAgent ."),
    ("Software-label", "<software/0.1.0> rdfs:label", ""),
    ("Software-version", "<software/0.1.0> dgm:version", ""),
]

FOUND = "<mention/v1/d1/text-0-3>"
CITATION, MENTION, PASSAGE = "<citation/v1/d1/c1>", "<mention/v1/d1/m1>", "<passage/v1/d1/p1>"
POSITION, QUOTE = "<passage/v1/d1/p1/position>", "<passage/v1/d1/p1/quote>"
ENCLOSURE, CONCEPT, SCHEME = "<enclosure/v1/d1/a1>", "<concept/72>", "<concept/decimal-1910>"
TERM_OF_OFFICE, NOMINATION, OFFICE, MISSION = (
    "<term-of-office/t1>",
    "<term-of-office/n1>",
    "<office/chief/b>",
    "<mission/a/b>",
)
RELATION, VISIT, TRAVEL, STATE, STATE_NAME = (
    "<relation/r1>",
    "<visit/1>",
    "<travel/1>",
    "<state/a>",
    "<state-name/a/old>",
)

BROKEN += [
    ("TermOfOffice", "", "[] a dgm:TermOfOffice ."),
    ("TermOfOffice-label", f"{TERM_OF_OFFICE} rdfs:label", ""),
    ("TermOfOffice-identifier", f"{TERM_OF_OFFICE} dcterms:identifier", ""),
    ("TermOfOffice-holder", f"{TERM_OF_OFFICE} dgm:holder", f"{TERM_OF_OFFICE} dgm:holder {OFFICE} ."),
    ("TermOfOffice-office", f"{TERM_OF_OFFICE} dgm:office", f"{TERM_OF_OFFICE} dgm:office {MISSION} ."),
    (
        "TermOfOffice-appointed",
        f"{TERM_OF_OFFICE} dgm:appointed",
        f'{TERM_OF_OFFICE} dgm:appointed "1930-5"^^xsd:gYearMonth .',
    ),
    (
        "TermOfOffice-arrived",
        f"{TERM_OF_OFFICE} dgm:arrived",
        f'{TERM_OF_OFFICE} dgm:arrived "1930-5"^^xsd:gYearMonth .',
    ),
    (
        "TermOfOffice-credentialsPresented",
        f"{TERM_OF_OFFICE} dgm:credentialsPresented",
        f'{TERM_OF_OFFICE} dgm:credentialsPresented "1930-5"^^xsd:gYearMonth .',
    ),
    (
        "TermOfOffice-entered",
        f"{TERM_OF_OFFICE} dgm:entered",
        f'{TERM_OF_OFFICE} dgm:entered "1930-5"^^xsd:gYearMonth .',
    ),
    ("TermOfOffice-ended", f"{TERM_OF_OFFICE} dgm:ended", f'{TERM_OF_OFFICE} dgm:ended "1930-5"^^xsd:gYearMonth .'),
    ("TermOfOffice-appointedNote", "", f'{TERM_OF_OFFICE} dgm:appointedNote "Another" .'),
    ("TermOfOffice-arrivedNote", "", f'{TERM_OF_OFFICE} dgm:arrivedNote "Another" .'),
    ("TermOfOffice-enteredNote", "", f'{TERM_OF_OFFICE} dgm:enteredNote "Another" .'),
    ("TermOfOffice-endedNote", "", f'{TERM_OF_OFFICE} dgm:endedNote "Another" .'),
    ("TermOfOffice-residentAt", "", f'{TERM_OF_OFFICE} dgm:residentAt "Another" .'),
    ("Nomination", "", "[] a dgm:Nomination ."),
    ("Nomination-label", f"{NOMINATION} rdfs:label", ""),
    ("Nomination-identifier", f"{NOMINATION} dcterms:identifier", ""),
    ("Nomination-holder", f"{NOMINATION} dgm:holder", f"{NOMINATION} dgm:holder {OFFICE} ."),
    ("Nomination-office", f"{NOMINATION} dgm:office", f"{NOMINATION} dgm:office {MISSION} ."),
    ("Nomination-appointed", f"{NOMINATION} dgm:appointed", f'{NOMINATION} dgm:appointed "1930-5"^^xsd:gYearMonth .'),
    ("Nomination-arrived", f"{NOMINATION} dgm:arrived", f'{NOMINATION} dgm:arrived "1930-5"^^xsd:gYearMonth .'),
    (
        "Nomination-credentialsPresented",
        f"{NOMINATION} dgm:credentialsPresented",
        f'{NOMINATION} dgm:credentialsPresented "1930-5"^^xsd:gYearMonth .',
    ),
    ("Nomination-entered", f"{NOMINATION} dgm:entered", f'{NOMINATION} dgm:entered "1930-5"^^xsd:gYearMonth .'),
    ("Nomination-ended", f"{NOMINATION} dgm:ended", f'{NOMINATION} dgm:ended "1930-5"^^xsd:gYearMonth .'),
    ("Nomination-appointedNote", "", f'{NOMINATION} dgm:appointedNote "Another" .'),
    ("Nomination-arrivedNote", "", f'{NOMINATION} dgm:arrivedNote "Another" .'),
    ("Nomination-enteredNote", "", f'{NOMINATION} dgm:enteredNote "Another" .'),
    ("Nomination-endedNote", "", f'{NOMINATION} dgm:endedNote "Another" .'),
    ("Nomination-residentAt", "", f'{NOMINATION} dgm:residentAt "Another" .'),
    ("TermOfOffice-entry", f"{TERM_OF_OFFICE} dgm:entered", f'{TERM_OF_OFFICE} dgm:entered "1930-05-06"^^xsd:date .'),
    ("TermOfOffice-heldWith", "", f"{TERM_OF_OFFICE} dgm:heldWith {OFFICE} ."),
    ("Office", "", "[] a dgm:Office ."),
    ("Office-label", f"{OFFICE} rdfs:label", ""),
    ("Office-identifier", f"{OFFICE} dcterms:identifier", ""),
    ("Office-sendingState", f"{OFFICE} dgm:sendingState", ""),
    ("Office-receivingState", "", f"{OFFICE} dgm:receivingState {STATE} ."),
    ("Office-postIn", f"{OFFICE} org:postIn", f"{OFFICE} org:postIn {STATE} ."),
    ("Office-both", f"{OFFICE} dgm:receivingState", ""),
    ("Mission", "", "[] a dgm:Mission ."),
    ("Mission-label", f"{MISSION} rdfs:label", ""),
    ("Mission-sendingState", f"{MISSION} dgm:sendingState", ""),
    ("Mission-receivingState", "", f"{MISSION} dgm:receivingState {STATE} ."),
    ("State", "", "[] a dgm:State ."),
    ("State-label", f"{STATE} rdfs:label", ""),
    ("State-identifier", f"{STATE} dcterms:identifier", ""),
    ("State-altLabel", "", f'{STATE} skos:altLabel "" .'),
    ("StateName", "", "[] a dgm:StateName ."),
    ("StateName-label", f"{STATE_NAME} rdfs:label", ""),
    ("StateName-state", f"{STATE_NAME} dgm:state", ""),
    ("StateName-earliest", f"{STATE_NAME} dgm:earliest", f'{STATE_NAME} dgm:earliest "1935-01"^^xsd:gYearMonth .'),
    ("StateName-latest", f"{STATE_NAME} dgm:latest", f'{STATE_NAME} dgm:latest "1935-01"^^xsd:gYearMonth .'),
    ("RelationEvent", "", "[] a dgm:RelationEvent ."),
    ("RelationEvent-label", f"{RELATION} rdfs:label", ""),
    ("RelationEvent-earliest", f"{RELATION} dgm:earliest", f'{RELATION} dgm:earliest "80"^^xsd:gYear .'),
    ("RelationEvent-latest", f"{RELATION} dgm:latest", f'{RELATION} dgm:latest "80"^^xsd:gYear .'),
    ("RelationEvent-state", f"{RELATION} dgm:state", f"{RELATION} dgm:state {OFFICE} ."),
    ("Visit", "", "[] a dgm:Visit ."),
    ("Visit-label", f"{VISIT} rdfs:label", ""),
    ("Visit-earliest", f"{VISIT} dgm:earliest", f'{VISIT} dgm:earliest "80"^^xsd:gYear .'),
    ("Visit-latest", f"{VISIT} dgm:latest", f'{VISIT} dgm:latest "80"^^xsd:gYear .'),
    ("Visit-state", f"{VISIT} dgm:state", f"{VISIT} dgm:state {OFFICE} ."),
    ("Travel", "", "[] a dgm:Travel ."),
    ("Travel-label", f"{TRAVEL} rdfs:label", ""),
    ("Travel-earliest", f"{TRAVEL} dgm:earliest", f'{TRAVEL} dgm:earliest "80"^^xsd:gYear .'),
    ("Travel-latest", f"{TRAVEL} dgm:latest", f'{TRAVEL} dgm:latest "80"^^xsd:gYear .'),
    ("Travel-state", f"{TRAVEL} dgm:state", f"{TRAVEL} dgm:state {OFFICE} ."),
    ("RelationEvent-eventType", f"{RELATION} dgm:eventType", f'{RELATION} dgm:eventType "war" .'),
    ("Visit-visitor", f"{VISIT} dgm:visitor", ""),
    ("Travel-person", f"{TRAVEL} dgm:person", ""),
    ("Inference-rank", "", f"{INFERENCE} dgm:rank 0 ."),
    ("Person-listedAs", "", f'{PERSON} dgm:listedAs "p_R1" .'),
    ("Person-exactMatch", "", f'{PERSON} skos:exactMatch "99" .'),
]

LISTED, PLACE = "<listed-source/v1/1>", "<place/1>"
SIGNATURE, UNPRINTED = "<signature/v1/d1/1>", "<unprinted/v1/d1/c1>"
WORK, TERM = "<work/manual>", "<term/v1/t1>"

BREAK = "<page-break/v1/d1/65>"
BROKEN += [
    ("PageBreak", "", "[] a dgm:PageBreak ."),
    ("PageBreak-label", f"{BREAK} rdfs:label", ""),
    ("PageBreak-begins", f"{BREAK} dgm:begins", f"{BREAK} dgm:begins {DOCUMENT} ."),
    ("PageBreak-offset", f"{BREAK} dgm:offset", f"{BREAK} dgm:offset 0 ."),
    ("PageBreak-document", f"{DOCUMENT} dgm:pageBreak", ""),
    ("Document-pageBreak", "", f"{DOCUMENT} dgm:pageBreak {FOOTNOTE} ."),
    ("Signature", "", "[] a dgm:Signature ."),
    ("Signature-label", f"{SIGNATURE} rdfs:label", ""),
    ("Signature-printed", f"{SIGNATURE} dgm:printed", ""),
    ("Signature-signer", "", f'{SIGNATURE} dgm:signer "Doe" .'),
    ("Signature-role", "", f'{SIGNATURE} dgm:role "Minister" .'),
    ("Signature-signedFor", f"{SIGNATURE} dgm:signedFor", f'{SIGNATURE} dgm:signedFor "" .'),
    ("Signature-order", f"{SIGNATURE} dgm:order", ""),
    ("Signature-document", f"{DOCUMENT} dgm:signature", ""),
    ("Place", "", "[] a dgm:Place ."),
    ("Place-label", f"{PLACE} rdfs:label", ""),
    ("Place-latitude", f"{PLACE} schema:latitude", f"{PLACE} schema:latitude 94.5 ."),
    ("Place-longitude", f"{PLACE} schema:longitude", f"{PLACE} schema:longitude 187.5 ."),
    ("Place-state", f"{PLACE} dgm:state", f"{PLACE} dgm:state {DOCUMENT} ."),
    ("Place-exactMatch", f"{PLACE} skos:exactMatch", f'{PLACE} skos:exactMatch "1" .'),
    ("ListedSource", "", "[] a dgm:ListedSource ."),
    ("ListedSource-label", f"{LISTED} rdfs:label", ""),
    ("ListedSource-order", f"{LISTED} dgm:order", f"{LISTED} dgm:order 0 ."),
    ("ListedSource-partOf", f"{LISTED} dgm:partOf", f"{LISTED} dgm:partOf {DOCUMENT} ."),
    ("ListedSource-volume", f"{LISTED} dgm:volume", ""),
    ("ListedSource-file", f"{LISTED} dgm:file", f"{LISTED} dgm:file {DOCUMENT} ."),
    ("UnprintedDocument", "", "[] a dgm:UnprintedDocument ."),
    ("UnprintedDocument-label", f"{UNPRINTED} rdfs:label", ""),
    ("UnprintedDocument-number", "", f'{UNPRINTED} dgm:number "56" .'),
    ("UnprintedDocument-cited", f"{CITATION} dgm:target", ""),
    ("UnprintedDocument-text", "", f'{UNPRINTED} dgm:text "One." .'),
    ("Passage-within", f"{PASSAGE} dgm:within", ""),
    ("Passage-within", f"{PASSAGE} dgm:within", f"{PASSAGE} dgm:within dgm:heading ."),
    ("Document-subjectLine", "", f'{DOCUMENT} dgm:subjectLine "Another" .'),
    ("Document-participant", "", f"{DOCUMENT} dgm:participant {PERSON} ."),
    ("Document-serial", "", f'{DOCUMENT} dgm:serial "3604" .'),
    ("Document-serialDate", f"{DOCUMENT} dgm:serialDate", f'{DOCUMENT} dgm:serialDate "3-1331" .'),
    ("Document-holding", "", f"{DOCUMENT} dgm:holding <sending/v1/d1> ."),
    ("Document-enclosure", "", f"{DOCUMENT} dgm:enclosure <document/v1/d2> ."),
    ("Document-citation", "", f"{DOCUMENT} dgm:citation <document/v1/d2> ."),
    ("Document-mention", "", f"{DOCUMENT} dgm:mention {PERSON} ."),
    ("Division-text", f"{DIVISION} dgm:text", f'{DIVISION} dgm:text "" .'),
    ("Footnote-citation", "", f"{FOOTNOTE} dgm:citation <document/v1/d2> ."),
    ("Footnote-mention", "", f"{FOOTNOTE} dgm:mention {PERSON} ."),
    ("Party-temporaryPlace", "", f'{PARTY} dgm:temporaryPlace "Rome" .'),
    ("Person-description", "", '<person/v1/p_R1> dcterms:description "Consul" .'),
    ("Inference-passage", "", f"{INFERENCE} dgm:passage <passage/v1/d1/p2> ."),
    ("Inference-passage", f"{INFERENCE} dgm:passage", f"{INFERENCE} dgm:passage {DOCUMENT} ."),
    ("FileUnit-fileScheme", "<file/724.3415> dgm:fileScheme", "<file/724.3415> dgm:fileScheme <concept/7> ."),
    ("FileUnit-fileScheme", "", "<file/724.3415> dgm:fileScheme <concept/b> . <concept/b> a skos:ConceptScheme ."),
    ("Citation", "", "[] a dgm:Citation ."),
    ("Citation-label", f"{CITATION} rdfs:label", ""),
    ("Citation-printed", f"{CITATION} dgm:printed", ""),
    ("Citation-passage", f"{CITATION} dgm:passage", f"{CITATION} dgm:passage {DOCUMENT} ."),
    ("Citation-citationForm", "", f'{CITATION} dgm:citationForm "telegram" .'),
    ("Citation-citationForm", f"{CITATION} dgm:citationForm", f'{CITATION} dgm:citationForm "postcard" .'),
    ("Citation-number", "", f'{CITATION} dgm:number "56" .'),
    ("Citation-unprinted", f"{CITATION} dgm:unprinted", f'{CITATION} dgm:unprinted "no" .'),
    ("Citation-target", "", f'{CITATION} dgm:target "p. 64" .'),
    ("Citation-citing", f"{DOCUMENT} dgm:citation", ""),
    ("Citation-citing", "", f"{FOOTNOTE} dgm:citation {CITATION} ."),
    ("Mention", "", "[] a dgm:Mention ."),
    ("Mention-label", f"{MENTION} rdfs:label", ""),
    ("Mention-printed", f"{MENTION} dgm:printed", ""),
    ("Mention-passage", f"{MENTION} dgm:passage", ""),
    ("Mention-mentionKind", f"{MENTION} dgm:mentionKind", f'{MENTION} dgm:mentionKind "ship" .'),
    ("Mention-refersTo", "", f"{MENTION} dgm:refersTo <person/roe-jane> ."),
    ("Mention-refersTo", f"{MENTION} dgm:refersTo", f"{MENTION} dgm:refersTo <person/nobody> ."),
    ("Citation-certainty", "", f"{CITATION} dgm:certainty dgm:unresolved ."),
    ("Citation-rule", "", f"{CITATION} dgm:rule {PERSON} ."),
    ("InferredMention", "", "[] a dgm:InferredMention ."),
    ("InferredMention", "", f"{FOUND} a dgm:Mention ."),
    ("InferredMention-label", f"{FOUND} rdfs:label", ""),
    ("InferredMention-mentionedIn", f"{FOUND} dgm:mentionedIn", ""),
    ("InferredMention-mentionedIn", f"{FOUND} dgm:mentionedIn", f"{FOUND} dgm:mentionedIn {FOOTNOTE} ."),
    ("InferredMention-printed", f"{FOUND} dgm:printed", ""),
    ("InferredMention-mentionKind", f"{FOUND} dgm:mentionKind", f'{FOUND} dgm:mentionKind "ship" .'),
    ("InferredMention-certainty", f"{FOUND} dgm:certainty", ""),
    ("InferredMention-certainty", f"{FOUND} dgm:certainty", f"{FOUND} dgm:certainty dgm:unresolved ."),
    ("InferredMention-rule", f"{FOUND} dgm:rule", ""),
    ("InferredMention-passage", f"{FOUND} dgm:passage", ""),
    ("InferredMention-refersTo", "", f"{FOUND} dgm:refersTo <person/v1/p_R1> ."),
    ("InferredMention-office", "", f"{FOUND} dgm:office <office/chief/a> ."),
    ("InferredMention-state", f"{FOUND} dgm:state", f"{FOUND} dgm:state <office/chief/b> ."),
    ("InferredMention-name", "", f'{FOUND} dgm:name "Two" .'),
    ("InferredMention-role", "", f'{FOUND} dgm:role "" .'),
    ("InferredMention-evidence", f"{FOUND} dgm:evidence", f'{FOUND} dgm:evidence "" .'),
    ("InferredMention-edtf", "", f'{FOUND} dgm:edtf "1932"^^{EDTF} .'),
    ("Annotation", "", f"[] a oa:Annotation ; dgm:passage {PASSAGE} ; oa:hasTarget {PASSAGE} ."),
    ("Signature-passage", "", f"{SIGNATURE} dgm:passage {DOCUMENT} ."),
    ("Annotation-hasTarget", f"{FOUND} oa:hasTarget", ""),
    ("Annotation-hasTarget", "", f"{FOUND} oa:hasTarget <passage/v1/d1/p2> ."),
    ("Annotation-generator", f"{FOUND} as:generator", ""),
    ("Government", "", "[] a dgm:Government ."),
    ("Government-label", "<government/a> rdfs:label", ""),
    ("Government-state", "<government/a> dgm:state", ""),
    ("Mention-mentioning", f"{DOCUMENT} dgm:mention", ""),
    ("Passage", "", "[] a dgm:Passage ."),
    ("Passage-label", f"{PASSAGE} rdfs:label", ""),
    ("Passage-hasSource", f"{PASSAGE} oa:hasSource", f"{PASSAGE} oa:hasSource {VOLUME} ."),
    ("Passage-hasSelector", f"{PASSAGE} oa:hasSelector", f"{PASSAGE} oa:hasSelector {POSITION} ."),
    ("Passage-hasSelector", "", f"{PASSAGE} oa:hasSelector {DOCUMENT} ."),
    ("Passage-position", f"{PASSAGE} oa:hasSelector", f"{PASSAGE} oa:hasSelector {QUOTE}, {DOCUMENT} ."),
    ("Passage-quotation", f"{PASSAGE} oa:hasSelector", f"{PASSAGE} oa:hasSelector {POSITION}, {DOCUMENT} ."),
    ("TextPositionSelector", "", "[] a oa:TextPositionSelector ."),
    ("TextPositionSelector-label", f"{POSITION} rdfs:label", ""),
    ("TextPositionSelector-start", f"{POSITION} oa:start", f"{POSITION} oa:start 4 ."),
    ("TextPositionSelector-start", f"{POSITION} oa:start", f"{POSITION} oa:start -1 ."),
    ("TextPositionSelector-end", f"{POSITION} oa:end", f'{POSITION} oa:end "3" .'),
    ("TextPositionSelector-passage", f"{PASSAGE} oa:hasSelector", f"{PASSAGE} oa:hasSelector {QUOTE} ."),
    ("TextQuoteSelector", "", "[] a oa:TextQuoteSelector ."),
    ("TextQuoteSelector-label", f"{QUOTE} rdfs:label", ""),
    ("TextQuoteSelector-exact", f"{QUOTE} oa:exact", ""),
    ("TextQuoteSelector-passage", "", f"<passage/v1/d1/p2> oa:hasSelector {QUOTE} ."),
    ("Enclosure", "", "[] a dgm:Enclosure ."),
    ("Enclosure-label", f"{ENCLOSURE} rdfs:label", ""),
    ("Enclosure-partOf", f"{ENCLOSURE} dgm:partOf", f"{ENCLOSURE} dgm:partOf {VOLUME} ."),
    ("Enclosure-document", f"{DOCUMENT} dgm:enclosure", ""),
    ("Enclosure-order", f"{ENCLOSURE} dgm:order", ""),
    ("Enclosure-flag", "", f'{ENCLOSURE} dgm:flag "" .'),
    ("Enclosure-heading", "", f'{ENCLOSURE} dgm:heading "Another" .'),
    ("Enclosure-passage", "", f"{ENCLOSURE} dgm:passage {DOCUMENT} ."),
    ("Enclosure-signature", "", f"{ENCLOSURE} dgm:signature {DOCUMENT} ."),
    ("Enclosure-sending", "", f"{ENCLOSURE} dgm:sending <sending/v1/d1> ."),
    ("Enclosure-receiving", "", f"{ENCLOSURE} dgm:receiving <receiving/v1/d1> ."),
    ("Concept", "", "[] a skos:Concept ."),
    ("Concept-label", f"{CONCEPT} rdfs:label", ""),
    ("Concept-prefLabel", f"{CONCEPT} skos:prefLabel", ""),
    ("Concept-altLabel", "", f'{CONCEPT} skos:altLabel "Pérou"@fr .'),
    ("Concept-notation", f"{CONCEPT} skos:notation", ""),
    ("Concept-inScheme", f"{CONCEPT} skos:inScheme", f"{CONCEPT} skos:inScheme <concept/7> ."),
    ("Concept-broader", f"{CONCEPT} skos:broader", f"{CONCEPT} skos:broader {SCHEME} ."),
    ("Concept-iso3", f"{CONCEPT} dgm:iso3", f'{CONCEPT} dgm:iso3 "PE" .'),
    ("Concept-source", f"{CONCEPT} dcterms:source", f'{CONCEPT} dcterms:source "Manual" .'),
    ("ConceptScheme", "", "[] a skos:ConceptScheme ."),
    ("ConceptScheme-label", f"{SCHEME} rdfs:label", ""),
    ("ConceptScheme-identifier", f"{SCHEME} dcterms:identifier", f'{SCHEME} dcterms:identifier "Decimal file" .'),
    ("Work", "", "[] a dcterms:BibliographicResource ."),
    ("Work-label", f"{WORK} rdfs:label", ""),
    ("Term", "", "[] a dgm:Term ."),
    ("Term-label", f"{TERM} rdfs:label", ""),
    ("Term-description", "", f'{TERM} dcterms:description "Another" .'),
    ("Term-volume", f"{TERM} dgm:volume", ""),
]


def event_cases(name: str, event: str, inverse: str, after: str) -> list[tuple[str, str, str]]:
    day = "^^xsd:date"
    return [
        (name, "", f"[] a dgm:{name} ."),
        (f"{name}-label", f"{event} rdfs:label", ""),
        (f"{name}-printed", "", f'{event} dgm:printed "Another" .'),
        (f"{name}-placePrinted", "", f'{event} dgm:placePrinted "Another" .'),
        (f"{name}-datePrinted", "", f'{event} dgm:datePrinted "Another" .'),
        (f"{name}-date", "", f'{event} dgm:date "1931-03-14"{day} .'),
        (f"{name}-date", f"{event} dgm:date", f'{event} dgm:date "March" .'),
        (f"{name}-date", f"{event} dgm:date", f'{event} dgm:date "1931-02-30"{day} .'),
        (f"{name}-date", f"{event} dgm:date", f'{event} dgm:date "1931-13"^^xsd:gYearMonth .'),
        (f"{name}-date", f"{event} dgm:date", f'{event} dgm:date "--13-01"^^xsd:gMonthDay .'),
        (f"{name}-edtf", f"{event} dgm:edtf", f'{event} dgm:edtf "1931-03" .'),
        (f"{name}-earliest", f"{event} dgm:earliest", f"{event} dgm:earliest {after} ."),
        (f"{name}-earliest", f"{event} dgm:earliest, dgm:latest", f'{event} dgm:earliest "March" .'),
        (f"{name}-latest", f"{event} dgm:latest", f'{event} dgm:latest "1931" .'),
        (f"{name}-calendar", f"{event} dgm:calendar", f'{event} dgm:calendar "gregorian" .'),
        (f"{name}-doubt", f"{event} dgm:doubt", f'{event} dgm:doubt "" .'),
        (f"{name}-otherwise", f"{event} dgm:otherwise", f'{event} dgm:otherwise "May 1931"^^{EDTF} .'),
        (f"{name}-document", f"{DOCUMENT} dgm:{inverse}", ""),
        (f"{name}-wording", f"{event} dgm:datePrinted", ""),
        (f"{name}-doubted", f"{event} dgm:doubt", ""),
    ]


def exchange_cases(name: str, event: str, link: str, inverse: str) -> list[tuple[str, str, str]]:
    """What only events with parties have."""
    return [
        (f"{name}-{link}", "", f"{event} dgm:{link} <party/v1/d1/nobody> ."),
        (f"{name}-something", f"{event} dgm:printed, dgm:{link}", ""),
        (f"{name}-document", "", f"{PASSAGE} dgm:{inverse} {event} ."),
        (f"{name}-document", f"{ENCLOSURE} dgm:{inverse}", ""),
    ]


BROKEN += event_cases("Sending", "<sending/v1/d1>", "sending", '"1931-04-01"^^xsd:date')
BROKEN += event_cases("Receiving", "<receiving/v1/d1>", "receiving", '"1931-04-02T08:00:00"^^xsd:dateTime')
BROKEN += event_cases("Holding", "<holding/v1/d1>", "holding", '"1931-04-02T08:00:00"^^xsd:dateTime')
BROKEN += exchange_cases("Sending", "<sending/v1/d1>", "sender", "sending")
BROKEN += exchange_cases("Receiving", "<receiving/v1/d1>", "recipient", "receiving")


@cache
def shapes() -> Graph:
    graph = Graph()
    for file in FILES:
        graph.parse(file, format="turtle")
    return graph


def checking_shapes() -> set[URIRef]:
    """The shapes that are run on something: those with a target."""
    return {shape for shape in shapes().subjects(SH.targetClass) if isinstance(shape, URIRef)}


def graph_of(turtle: str) -> Graph:
    return Graph().parse(data=PREFIXES + turtle, format="turtle")


def broken_by(removed: str = "", added: str = "") -> set[tuple[str, str]]:
    """(shape, message) of all results, on which the engine and its referee agree.

    `removed` is "subject predicate, predicate ..." of the good graph.
    """
    data = graph_of(GOOD)
    if removed:
        subject, _, predicates = removed.partition(" ")
        for pattern in graph_of(f"{subject} {predicates.replace(', ', ' 0 ; ')} 0 ."):
            assert data.value(*pattern[:2]) is not None, f"{removed}: nothing to remove"
            data.remove((*pattern[:2], None))
    data += graph_of(added)
    lines = data.serialize(format="nt", encoding="utf-8").decode().split("\n")
    results = refereed(f"{line[:-1]}<urn:graph> .\n" for line in lines if line)
    return {(result.shape or "", result.message) for result in results}


def test_a_graph_with_one_of_everything_conforms() -> None:
    assert broken_by() == set()


@pytest.mark.parametrize(("shape", "removed", "added"), BROKEN)
def test_what_breaks_a_shape_is_told_with_its_message(shape: str, removed: str, added: str) -> None:
    message = str(shapes().value(URIRef(SHAPE + shape), SH.message))
    assert (SHAPE + shape, message) in broken_by(removed, added)


def test_each_shape_is_broken_by_something_above() -> None:
    assert {URIRef(SHAPE + shape) for shape, _, _ in BROKEN} == checking_shapes()


def test_each_file_is_for_one_target_class_and_each_class_has_one_file() -> None:
    files: dict[object, set[str]] = defaultdict(set)
    for file in FILES:
        targets = set(Graph().parse(file, format="turtle").objects(None, SH.targetClass))
        assert len(targets) == 1, file.name
        for target in targets:
            files[target].add(file.name)
    assert all(len(names) == 1 for names in files.values())


def test_each_shape_says_in_one_message_what_to_do() -> None:
    for shape in checking_shapes() | set(shapes().objects(None, SH.property)):
        messages = list(shapes().objects(shape, SH.message))
        assert len(messages) == 1, shape
        assert str(messages[0]).endswith("."), shape
        assert len(str(messages[0]).split()) >= 5, shape


def test_messages_tell_the_shapes_apart() -> None:
    counts = Counter(shapes().value(shape, SH.message) for shape in checking_shapes())
    assert [message for message, count in counts.items() if count > 1] == []


def test_shapes_are_shacl_core_without_sparql() -> None:
    used = {term for triple in shapes() for term in triple if isinstance(term, URIRef)}
    assert not {SH.sparql, SH.SPARQLConstraint, SH.SPARQLTarget, SH.js, SH.rule} & used


def test_shapes_speak_of_terms_of_the_ontology_only() -> None:
    ontology = Graph().parse(ONTOLOGY_FOLDER / "dragoman.ttl", format="turtle")
    ours = {term for triple in shapes() for term in triple if isinstance(term, URIRef) and term.startswith(DGM)}
    assert {term for term in ours if (term, RDF.type, None) not in ontology} == set()


@pytest.mark.parametrize(("shape", "scheme"), [("Document-kind", "kinds"), ("Inference-certainty", "certainties")])
def test_lists_of_concepts_are_those_of_the_scheme(shape: str, scheme: str) -> None:
    ontology = Graph().parse(ONTOLOGY_FOLDER / "dragoman.ttl", format="turtle")
    allowed = shapes().value(URIRef(SHAPE + shape), SH["in"])
    assert allowed is not None
    assert set(Collection(shapes(), allowed)) == set(ontology.subjects(SKOS.inScheme, DGM[scheme]))


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        ("Citation-citationForm", citations.Form),
        ("Mention-mentionKind", get_type_hints(Mention)["kind"]),
        ("InferredMention-mentionKind", referents.Kind),
        ("Sending-calendar", Calendar),
        ("Receiving-calendar", Calendar),
        ("Holding-calendar", Calendar),
    ],
)
def test_lists_of_words_are_those_that_readers_give(shape: str, values: object) -> None:
    allowed = shapes().value(URIRef(SHAPE + shape), SH["in"])
    assert allowed is not None
    assert [str(value) for value in Collection(shapes(), allowed)] == list(get_args(values))


def test_the_form_of_an_identifier_is_volume_slash_document() -> None:
    assert shapes().value(URIRef(SHAPE + "Document-identifier"), SH.pattern) == Literal("^[^/]+/[^/]+$")
