package publisher_test

import (
	"fmt"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
)

// An owner checks a document before it is registered: without a licence it is refused, and contact data stay off the
// chain. The owner then supplies the licence.
func ExampleCheck() {
	doc := []byte(`{
		"@context": "https://schema.org/",
		"@type": "Dataset",
		"name": "Balance",
		"description": "Readings of a balance in a cellar, taken once an hour over one winter.",
		"creator": {"@type": "Person", "name": "Ada Example", "email": "ada@example.org"},
		"keywords": ["weight", "cellar"]
	}`)
	draft, err := publisher.Check(doc, document.Options{}, nil, nil)
	if err != nil {
		fmt.Println(err) // not JSON, or no Dataset in it
		return
	}
	for _, finding := range draft.Findings {
		fmt.Println(finding.Severity, finding.Path)
	}
	fmt.Println(draft.Refusal())

	draft, err = publisher.Check(doc, document.Options{License: "CC BY 4.0"}, nil, nil)
	fmt.Println(err, draft.Refusal(), draft.Dataset.License)
	// Output:
	// error $.license
	// warning $.distribution
	// warning $.creator.email
	// the record is refused: 1 of the findings say why
	// <nil> <nil> CC-BY-4.0
}
