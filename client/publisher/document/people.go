package document

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	check "github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// contactTerms are properties with contact data of people. They are never carried, because nothing can be removed
// from a chain.
var contactTerms = words("email telephone faxNumber contactPoint contactPoints address birthDate homeLocation workLocation " +
	"taxID vatID ContactPoint")

// people maps creators, or authors if there is no creator, and the publisher.
func (im *importer) people(n node) {
	creators := im.props(n, "creator")
	authors := im.props(n, "author")
	if len(creators) == 0 {
		creators, authors = authors, nil
	}
	for _, c := range creators {
		if im.exported && c.v.Kind == Object && vocab.IsAccountIRI(im.graph.id(c)) {
			im.settle(c.v) // the owner's account, which stands in for a missing creator
			continue
		}
		if a, ok := im.agent(c); ok {
			im.from(fmt.Sprintf("$.creators[%d]", len(im.out.Creators)), c.v)
			im.out.Creators = append(im.out.Creators, a)
		}
	}
	// Many documents give the same people once more as authors.
	for _, c := range authors {
		if name, ok := im.nameOf(c); ok && im.isCreator(name) {
			im.contacts(c.v)
			im.settle(c.v)
		}
	}
	if publisher, ok := im.first(im.props(n, "publisher")); ok {
		if a, ok := im.agent(publisher); ok {
			im.from("$.publisher", publisher.v)
			im.out.Publisher = &a
		}
	}
}

func (im *importer) isCreator(name string) bool {
	for _, c := range im.out.Creators {
		if c.Name == name {
			return true
		}
	}
	return false
}

// nameOf reads an agent's name without settling anything.
func (im *importer) nameOf(n node) (string, bool) {
	if text, _, _, ok := im.text(n); ok {
		return normalize(text, false), true
	}
	for _, m := range n.v.Members {
		if n.sc.term(m.Key) == "name" && m.Value.Kind == String {
			return normalize(m.Value.Text, false), true
		}
	}
	return "", false
}

// agent maps a Person, an Organization, a Role around one of them, or a plain name.
func (im *importer) agent(n node) (types.Agent, bool) {
	for hops := 0; hops < 4 && n.v.Kind == Object && im.graph.is(n, "Role", "OrganizationRole", "PerformanceRole"); hops++ {
		inner := im.props(n, "creator", "author", "publisher", "contributor")
		if len(inner) == 0 {
			return types.Agent{}, false
		}
		n, _ = im.first(inner)
	}
	if text, _, _, ok := im.text(n); ok {
		im.settle(n.v)
		name := im.agentName(n.v, text)
		if name != "" {
			im.note(n.v, "the creator is given by name alone and was taken for a person; --creator org:NAME says that it is an organization")
		}
		return types.Agent{Type: types.AGENT_TYPE_PERSON, Name: name}, name != ""
	}
	if n.v.Kind != Object {
		return types.Agent{}, false
	}
	im.inspect(n.v)
	a := types.Agent{Type: im.agentType(n), Name: im.fullName(n), Id: im.agentIRI(n)}
	if a.Name == "" {
		im.note(n.v, "not carried: it has no name")
		return a, false
	}
	return a, true
}

// agentType goes by the type; without one, by the properties that only people have.
func (im *importer) agentType(n node) types.AgentType {
	for _, t := range im.graph.types(n) {
		switch {
		case t == "Person":
			return types.AGENT_TYPE_PERSON
		case t == "Organization" || organizationTypes[t]:
			return types.AGENT_TYPE_ORGANIZATION
		}
	}
	for _, m := range n.v.Members {
		switch n.sc.term(m.Key) {
		case "givenName", "familyName", "affiliation", "jobTitle":
			return types.AGENT_TYPE_PERSON
		}
	}
	im.note(n.v, "it says neither Person nor Organization and was taken for an organization")
	return types.AGENT_TYPE_ORGANIZATION
}

// organizationTypes are the types of schema.org below Organization that publish data.
var organizationTypes = words("Airline Consortium Cooperative Corporation EducationalOrganization CollegeOrUniversity School " +
	"FundingScheme GovernmentOrganization LibrarySystem LocalBusiness MedicalOrganization Hospital NGO NewsMediaOrganization " +
	"OnlineBusiness PerformingGroup PoliticalParty Project ResearchProject ResearchOrganization SearchRescueOrganization " +
	"SportsOrganization WorkersUnion FundingAgency Library")

func (im *importer) fullName(n node) string {
	for _, p := range im.props(n, "name") {
		if text, _, _, ok := im.text(p); ok {
			im.settle(p.v)
			if name := im.agentName(p.v, text); name != "" {
				im.settleNameParts(n, name)
				return name
			}
		} else {
			// A language map: any one language will do for a name.
			for _, t := range im.localized("", []node{p}, false) {
				return t.Text
			}
		}
	}
	var parts []string
	for _, term := range [...]string{"givenName", "additionalName", "familyName"} {
		for _, p := range im.props(n, term) {
			if text, ok := im.plain(p); ok && text != "" {
				parts = append(parts, text)
			}
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	for _, p := range im.props(n, "legalName", "alternateName") {
		if text, ok := im.plain(p); ok && text != "" {
			return text
		}
	}
	return ""
}

// settleNameParts takes given and family names that the full name holds already.
func (im *importer) settleNameParts(n node, name string) {
	for _, p := range im.props(n, "givenName", "familyName", "additionalName", "legalName") {
		if text, _, _, ok := im.text(p); ok && strings.Contains(name, normalize(text, false)) {
			im.settle(p.v)
		}
	}
}

var emailInText = regexp.MustCompile(`[<(\[]?(?:mailto:)?[^\s<>()\[\],;@]+@[^\s<>()\[\],;@]+\.[^\s<>()\[\],;@]+[>)\]]?`)

// agentName cleans a name and takes an e-mail address out of it.
func (im *importer) agentName(v *Value, text string) string {
	if !im.exported && emailInText.MatchString(text) {
		text = emailInText.ReplaceAllString(text, " ")
		im.note(v, "not carried: the e-mail address; contact data stay off the chain")
	}
	name := im.clean(v, text, false, false)
	if im.exported {
		return name
	}
	return strings.TrimRight(name, " ,;")
}

// agentIRI chooses the best https IRI of an agent: an ORCID or ROR one, else the first of @id and url.
func (im *importer) agentIRI(n node) string {
	if im.exported {
		return im.graph.id(n)
	}
	var candidates []string
	var sources []node
	if id := im.graph.id(n); isAbsolute(id) {
		candidates = append(candidates, agentID(id))
	}
	for _, p := range im.props(n, "identifier", "sameAs", "url") {
		iri, source := im.identifierOf(p)
		candidates = append(candidates, agentID(iri))
		sources = append(sources, source)
	}
	best := ""
	for _, c := range candidates {
		if check.HTTPS(c) != nil {
			continue
		}
		if best == "" || isAgentRegistry(c) && !isAgentRegistry(best) {
			best = c
		}
	}
	for _, s := range sources {
		if iri, _ := im.identifierOf(s); best != "" && agentID(iri) == best {
			im.settle(s.v)
		}
	}
	if id := im.graph.id(n); best == "" && isAbsolute(id) && !strings.HasPrefix(id, "_:") {
		im.note(n.v, "not carried: the identifier %q is no https address", printable(id, 100))
	}
	return best
}

// identifierOf reads the IRI or code of an identifier without settling it.
func (im *importer) identifierOf(n node) (string, node) {
	if text, _, _, ok := im.text(n); ok {
		return trim(text), n
	}
	if n.v.Kind != Object {
		return "", n
	}
	for _, key := range [...]string{"url", "@id", "value"} {
		for _, m := range n.v.Members {
			if (n.sc.term(m.Key) == key) && m.Value.Kind == String && (isAbsolute(m.Value.Text) || key == "value") {
				return trim(m.Value.Text), n
			}
		}
	}
	return "", n
}

var (
	orcid = regexp.MustCompile(`^(?:https?://(?:www\.)?orcid\.org/|orcid:\s*)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?$`)
	ror   = regexp.MustCompile(`^(?:https?://(?:www\.)?ror\.org/|ror:\s*)(0[a-z0-9]{8})/?$`)
)

// agentID brings ORCID and ROR identifiers into their https form.
func agentID(s string) string {
	s = trim(s)
	if m := orcid.FindStringSubmatch(strings.ToUpper(s)); m != nil {
		return "https://orcid.org/" + m[1]
	}
	if m := orcid.FindStringSubmatch(s); m != nil {
		return "https://orcid.org/" + m[1]
	}
	if m := ror.FindStringSubmatch(strings.ToLower(s)); m != nil {
		return "https://ror.org/" + m[1]
	}
	return s
}

func isAgentRegistry(iri string) bool {
	return strings.HasPrefix(iri, "https://orcid.org/") || strings.HasPrefix(iri, "https://ror.org/")
}

// isAbsolute reports whether s has a scheme and is no blank node.
func isAbsolute(s string) bool {
	if strings.HasPrefix(s, "_:") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme != ""
}
