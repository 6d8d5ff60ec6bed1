// Command show prints its version as JSON.
package main

import (
	"encoding/json"
	"os"

	"github.com/alita-network/alita/internal/version"
)

func main() {
	if err := json.NewEncoder(os.Stdout).Encode(version.Of("show")); err != nil {
		os.Exit(1)
	}
}
