package tx

import "regexp"

var (
	// inMessage finds what a module said within what the node wraps around it: the index
	// of the message before, and after it where in the program and with how much gas it ended.
	inMessage = regexp.MustCompile(`(?s)message index: \d+: (.*?)(?: \[[^\]]*:\d+\])?(?: with gas used.*)?$`)

	rpcPrefix = regexp.MustCompile(`rpc error: code = \w+ desc = `)
)

// Refusal is the reason for which the chain refused a transaction.
func Refusal(log string) string {
	if m := inMessage.FindStringSubmatch(log); m != nil {
		return m[1]
	}
	return rpcPrefix.ReplaceAllString(log, "")
}

// Plain takes what the transport adds out of an error of a query.
func Plain(err error) string { return rpcPrefix.ReplaceAllString(err.Error(), "") }
