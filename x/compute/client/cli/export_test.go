package cli

import "github.com/alita-network/alita/x/compute/types"

// What the tests need to see of the commands' parts.
var (
	ShippedMsg  = shippedMsg
	ReadMeta    = readMeta
	ReadRequest = readRequest
	LoadRun     = loadRun
	ForgetRun   = forgetRun
	RunFile     = runFile
	AddFlags    = addRequestFlags
	NewBill     = newBill
)

type (
	SavedRun = savedRun
	Bill     = bill
)

// Save writes the run.
func (r savedRun) Save(home string) error { return r.save(home) }

// ParseAlita and FormatAlita are amounts of ALITA as people write them.
var (
	ParseAlita  = alita.parse
	FormatAlita = alita.format
)

// Spec is what goes to the chain.
func (r request) Spec() types.JobSpec { return r.spec }
