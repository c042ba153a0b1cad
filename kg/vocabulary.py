"""Our terms and the borrowed ones, as constants; a name that is not listed is an AttributeError.

`ontology/dragoman.ttl` defines ours; a test holds the two together.
"""

from __future__ import annotations

from pathlib import Path

# Data folders stand beside the package, in a checkout and in an installed wheel alike.
_DATA = Path(__file__).resolve().parent.parent
ONTOLOGY_FOLDER = _DATA / "ontology"
SHAPES_FOLDER = _DATA / "shapes"
COMPETENCY_FOLDER = ONTOLOGY_FOLDER / "competency"
EXAMPLES_FOLDER = ONTOLOGY_FOLDER / "examples"


class Namespace:
    """The terms of one vocabulary that we use, as full IRIs."""

    def __init__(self, iri: str, terms: str) -> None:
        self.iri = iri
        self.terms = frozenset(terms.split())
        self.__dict__.update({term: iri + term for term in self.terms})

    def __getitem__(self, term: str) -> str:
        """For what Python takes as a word of its own."""
        return str(getattr(self, term))

    def __getattr__(self, term: str) -> str:
        raise AttributeError(f"{self.iri} has no term {term!r} listed in kg/vocabulary.py")


DGM = Namespace(
    "https://w3id.org/dragoman/ontology#",
    # classes
    "Document Enclosure Volume Division Page Footnote Term FileUnit "
    "Sending Receiving Holding Party Person Government Citation Mention InferredMention Passage Inference Rule Source "
    "Signature PageBreak "
    "UnprintedDocument ListedSource Office Mission State StateName TermOfOffice Nomination RelationEvent Visit Travel "
    # documents and enclosures
    "kind order number sourceNote flag text subjectLine participant signature signer signedFor "
    "partOf volume enclosure sending receiving holding firstPage page pageBreak begins footnote answers "
    # volumes, divisions, pages, footnotes
    "series subseries volumeNumber subtitle heading divisionType pageNumber mark offset onHeading "
    # files
    "fileNumber serial serialDate fileWords file fileScheme fileClass country1 country2 iso3 "
    # sending, receiving, holding, parties, persons
    "sender recipient printed placePrinted datePrinted date edtf earliest latest calendar doubt otherwise "
    "name role temporaryPlace person authority birthYear deathYear "
    # offices, terms, states
    "holder office sendingState receivingState state appointed arrived credentialsPresented entered ended "
    "appointedNote arrivedNote enteredNote endedNote residentAt heldWith eventType visitor listedAs rank "
    "Place place mission "
    # citations, mentions, passages
    "citation target citationForm unprinted mention mentionedIn mentionKind refersTo passage within "
    # inference and provenance
    "rule certainty evidence sha256 version "
    # concepts: certainty, kinds of document
    "certain probable unresolved "
    "telegram note despatch instruction letter memorandum memorandumOfConversation minutes editorialNote "
    "circular treaty pressRelease proclamation message",
)
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type subject predicate object")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label seeAlso")
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#", "string integer decimal boolean date dateTime gYear gYearMonth gMonthDay"
)
DCTERMS = Namespace(
    "http://purl.org/dc/terms/",
    "BibliographicResource identifier title alternative description format extent hasPart license publisher issued "
    "source",
)
PROV = Namespace(
    "http://www.w3.org/ns/prov#",
    "Entity Activity SoftwareAgent used wasGeneratedBy wasDerivedFrom wasAssociatedWith",
)
OA = Namespace(
    "http://www.w3.org/ns/oa#",
    "Annotation hasTarget hasSource hasSelector TextPositionSelector TextQuoteSelector start end exact",
)
AS = Namespace("https://www.w3.org/ns/activitystreams#", "generator")
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme prefLabel altLabel notation inScheme broader exactMatch",
)
SCHEMA = Namespace("https://schema.org/", "latitude longitude")
ORG = Namespace("http://www.w3.org/ns/org#", "postIn")
DCAT = Namespace("http://www.w3.org/ns/dcat#", "Dataset byteSize")
VOID = Namespace("http://rdfs.org/ns/void#", "Dataset")
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

PREFIXES = {
    "dgm": DGM.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "xsd": XSD.iri,
    "dcterms": DCTERMS.iri,
    "prov": PROV.iri,
    "dcat": DCAT.iri,
    "void": VOID.iri,
    "skos": SKOS.iri,
    "owl": "http://www.w3.org/2002/07/owl#",
    "oa": OA.iri,
    "as": AS.iri,
    "org": "http://www.w3.org/ns/org#",
    "rico": "https://www.ica.org/standards/RiC/ontology#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
}
