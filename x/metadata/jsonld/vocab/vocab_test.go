package vocab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
)

const recordID = "00112233445566778899aabbccddeeff"

func TestIRIs(t *testing.T) {
	record := vocab.RecordIRI("alita-1", recordID)
	require.Equal(t, "alita:alita-1/dataset/"+recordID, record)
	version := vocab.VersionIRI("alita_1-x.y", recordID, "1.0.0-rc.1+b.2")
	require.Equal(t, "alita:alita_1-x.y/dataset/"+recordID+"/version/1.0.0-rc.1+b.2", version)
	for _, iri := range []string{record, version} {
		id, ok := vocab.ParseRecordIRI(iri)
		require.True(t, ok, iri)
		require.Equal(t, recordID, id)
	}
	id, number, ok := vocab.ParseVersionIRI(version)
	require.True(t, ok)
	require.Equal(t, recordID, id)
	require.Equal(t, "1.0.0-rc.1+b.2", number)
	account := vocab.AccountIRI("alita-1", "alita1qypqxpq9")
	require.Equal(t, "alita:alita-1/account/alita1qypqxpq9", account)
	require.True(t, vocab.IsAccountIRI(account))

	for _, other := range []string{
		"", account, record + "/", record + "0", "alita:/dataset/" + recordID, "https://example.org/dataset/" + recordID, version + "/file/0",
	} {
		_, ok := vocab.ParseRecordIRI(other)
		require.False(t, ok, other)
	}
	for _, other := range []string{"", record, record + "/version/", account, version + "/file/0"} {
		_, _, ok := vocab.ParseVersionIRI(other)
		require.False(t, ok, other)
	}
	for _, other := range []string{"", record, account + "/", "alita:alita-1/account/"} {
		require.False(t, vocab.IsAccountIRI(other), other)
	}
}

func TestDerivedAddress(t *testing.T) {
	for _, address := range []string{
		vocab.VersionIRI("alita-1", recordID, "1.0.0") + "/file/0",
		"https://gateway.example.org" + vocab.RecordPath + recordID + "/versions/1.0.0/files/0",
	} {
		require.True(t, vocab.IsDerivedAddress(address), address)
	}
	for _, address := range []string{"", "https://example.org/data.csv", "urn:alita:terms:sensitive"} {
		require.False(t, vocab.IsDerivedAddress(address), address)
	}
}

// TestUsageTerms: a term of a record becomes an IRI, and the IRI becomes the term again.
func TestUsageTerms(t *testing.T) {
	for term, iri := range map[string]string{
		"DUO:0000042": "http://purl.obolibrary.org/obo/DUO_0000042",
		"odrl:use":    "http://www.w3.org/ns/odrl/2/use",
	} {
		require.Equal(t, iri, vocab.UsageIRI(term))
		got, ok := vocab.UsageTerm(iri)
		require.True(t, ok)
		require.Equal(t, term, got)
	}
	for _, spelling := range []string{"DUO_0000042", "duo:0000042", "obo:DUO_0000042", "https://purl.obolibrary.org/obo/DUO_0000042"} {
		got, ok := vocab.UsageTerm(spelling)
		require.True(t, ok, spelling)
		require.Equal(t, "DUO:0000042", got)
	}
	for _, other := range []string{"", "DUO:42", "https://example.org/terms"} {
		got, ok := vocab.UsageTerm(other)
		require.False(t, ok, other)
		require.Equal(t, other, got)
		require.Equal(t, other, vocab.UsageIRI(other))
	}
}
