package worker

import (
	"bytes"
	"fmt"
	"text/template"

	"go.yaml.in/yaml/v3"
)

var policyTemplate = template.Must(template.New("policy").Funcs(template.FuncMap{"list": yamlList, "quote": yamlString}).Parse(
	`# What this worker may do for its owner. Whatever is not allowed here is declined, and whatever
# is allowed here must be allowed by a grant on the chain too.
# The file is read when the worker starts.

# The chain, and the gRPC address of a node on it (host:port, or https://host[:port]).
chain_id: {{quote .ChainID}}
node: {{quote .Node}}

# Whom the worker believes: the chain, from the header of a height whose hash you have compared with
# what others publish ("alita-worker trust" finds one), or the word node: whatever the node says.
trust: {{.Trust.YAML}}

# gRPC addresses of other nodes, run by other people. They are asked if the node does not prove what it
# says, and they show it if the chain has forked.
witnesses: {{list .Witnesses}}

# The account that the worker works for. It is paid for every contribution.
owner: {{quote .Owner}}

# Who pays for the worker's transactions: owner (by a fee grant) or worker (from its own account).
# gas_price is a price such as 0.0025ualita; empty takes the node's minimum. max_fee is the most that
# a transaction may cost, in ualita; 0: one ALITA.
fees:
  payer: {{quote .Fees.Payer}}
  gas_price: {{quote .Fees.GasPrice}}
  max_fee: {{.Fees.MaxFee}}

# Folders in which data files may lie (absolute). Where each file is, the record tells, sealed to
# this worker; a file elsewhere is not read.
data_dirs: {{list .DataDirs}}

# Ids of the records that take part; empty: every record that is sealed to this worker.
records: {{list .Records}}

# Programs that may run: by id, or by author's account. any_program lets every other one run that a
# grant allows, but in jobs with noise alone: a program that nobody has looked at can write single
# rows into an exact answer.
programs: {{list .Programs}}
authors: {{list .Authors}}
any_program: {{.AnyProgram}}

# Who may ask, and what for; empty: anybody, and any purpose, that a grant allows.
consumers: {{list .Consumers}}
purposes: {{list .Purposes}}

# The smallest price of a million operations in ualita and the smallest data fee for them in units of
# the Data Token (a millionth), the smallest number of owners of a job, and the greatest number of
# operations of one run (0: no bound).
min_price_per_mop: {{.MinPricePerMop}}
min_data_fee: {{.MinDataFee}}
min_cohort: {{.MinCohort}}
max_operations: {{.MaxOperations}}

# The smallest number of validators' seats among which a vector is shared in a secure sum. Only all of
# them together could read this owner's result.
min_seats: {{.MinSeats}}

# Exact sums are computed over panels: fixed groups of owners' records, over all of them or over none.
# ids: the panels that this worker answers in; empty: every one that you have signed. min_threshold: no
# combination of exact answers may be about fewer owners. class: fixed, only the questions that all
# members have signed, word for word; or named, any columns and inputs of the programs that they named.
panels:
  ids: {{list .Panels.IDs}}
  min_threshold: {{.Panels.MinThreshold}}
  class: {{.Panels.Class}}

# Whether the payer of a job may read this owner's own result (direct delivery).
individual_results: {{.IndividualResults}}
`))

// PolicyFile is the policy as a commented file that ParsePolicy reads back.
func PolicyFile(p Policy) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := policyTemplate.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	return out.Bytes(), nil
}

func yamlString(s string) (string, error) {
	b, err := yaml.Marshal(s)
	return string(bytes.TrimSpace(b)), err
}

func yamlList(items []string) (string, error) {
	if len(items) == 0 {
		return "[]", nil
	}
	var out bytes.Buffer
	for _, i := range items {
		s, err := yamlString(i)
		if err != nil {
			return "", err
		}
		out.WriteString("\n  - " + s)
	}
	return out.String(), nil
}
