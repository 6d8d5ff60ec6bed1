// Package openapi serves the OpenAPI document of a node's REST interface and a
// page to browse it. Nothing is loaded from outside: the page works offline.
package openapi

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"sigs.k8s.io/yaml"

	sdkdocs "github.com/cosmos/cosmos-sdk/client/docs"
)

const (
	// Path is where Handler expects to be mounted.
	Path = "/swagger/"
	// DocumentName is the document's name below Path.
	DocumentName = "openapi.json"
)

//go:embed index.html alita.swagger.json
var own embed.FS

// absent are the routes of the SDK's modules, or of older services of theirs, that its document describes but
// this chain does not serve.
var absent = []string{"/cosmos/circuit/", "/cosmos/crisis/", "/cosmos/group/", "/cosmos/nft/", "/cosmos/params/", "/cosmos/protocolpool/", "/cosmos/epochs/", "/cosmos/gov/v1beta1/"}

// Document returns the OpenAPI 2.0 document of the chain's own modules merged
// with that of the SDK's modules, as JSON. It is made once.
var Document = sync.OnceValues(document)

func document() ([]byte, error) {
	bz, err := own.ReadFile("alita.swagger.json")
	if err != nil {
		return nil, err
	}
	var alita spec
	if err := json.Unmarshal(bz, &alita); err != nil {
		return nil, fmt.Errorf("own document: %w", err)
	}
	bz, err = sdkdocs.SwaggerUI.ReadFile("swagger-ui/swagger.yaml")
	if err != nil {
		return nil, err
	}
	var sdk spec
	if err := yaml.Unmarshal(bz, &sdk); err != nil {
		return nil, fmt.Errorf("document of the SDK: %w", err)
	}
	doc := merge(alita, sdk)
	if err := identify(doc.Paths); err != nil {
		return nil, err
	}
	return json.Marshal(doc)
}

// spec is what of an OpenAPI 2.0 document is merged.
type spec struct {
	Swagger     string                     `json:"swagger"`
	Info        map[string]any             `json:"info"`
	Consumes    []string                   `json:"consumes"`
	Produces    []string                   `json:"produces"`
	Paths       map[string]json.RawMessage `json:"paths"`
	Definitions map[string]json.RawMessage `json:"definitions"`
}

// merge adds the paths and definitions of the SDK's document that ours lacks.
func merge(alita, sdk spec) spec {
	alita.Info = map[string]any{
		"title":       "Alita",
		"description": "Queries over REST. Transactions are signed by the client and posted to /cosmos/tx/v1beta1/txs.",
		"version":     "v1",
	}
	for path, item := range sdk.Paths {
		if _, ok := alita.Paths[path]; !ok && !isAbsent(path) {
			alita.Paths[path] = item
		}
	}
	for name, definition := range sdk.Definitions {
		if _, ok := alita.Definitions[name]; !ok {
			alita.Definitions[name] = definition
		}
	}
	return alita
}

// versionSegment is the part of a path that ends a module's name.
var versionSegment = regexp.MustCompile(`^v[0-9]+(beta[0-9]+)?$`)

// moduleOf returns the module and the version that a path names: "gov" and "v1" of /cosmos/gov/v1/params.
func moduleOf(path string) (module, version string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if i > 1 && versionSegment.MatchString(part) {
			return strings.Join(parts[1:i], "."), part
		}
	}
	return strings.Join(parts[:min(len(parts), 2)], "."), ""
}

// pathParameter is a variable part of a path.
var pathParameter = regexp.MustCompile(`\{([^}=]+)[^}]*\}`)

// identify tags each operation with its module and gives it an id that no other one has: the generators' ids are names of
// methods, which modules share.
func identify(paths map[string]json.RawMessage) error {
	used := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		var item map[string]map[string]any
		if err := json.Unmarshal(paths[path], &item); err != nil {
			return fmt.Errorf("operations of %s: %w", path, err)
		}
		module, version := moduleOf(path)
		for _, verb := range slices.Sorted(maps.Keys(item)) {
			method, _ := item[verb]["operationId"].(string)
			id := strings.ReplaceAll(module, ".", "_") + "_" + version + "_" + method
			for _, parameter := range pathParameter.FindAllStringSubmatch(path, -1) {
				if !used[id] {
					break
				}
				id += "_" + parameter[1]
			}
			if used[id] {
				return fmt.Errorf("operation id of %s %s: expected one of its own, got %s", verb, path, id)
			}
			used[id] = true
			item[verb]["operationId"], item[verb]["tags"] = id, []string{module}
		}
		bz, err := json.Marshal(item)
		if err != nil {
			return err
		}
		paths[path] = bz
	}
	return nil
}

func isAbsent(path string) bool {
	for _, prefix := range absent {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// Handler serves the page and the document below Path.
func Handler() (http.Handler, error) {
	index, err := own.ReadFile("index.html")
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(sdkdocs.SwaggerUI, "swagger-ui")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc(Path+"{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(index))
	})
	mux.HandleFunc(Path+DocumentName, func(w http.ResponseWriter, r *http.Request) {
		doc, err := Document()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		http.ServeContent(w, r, DocumentName, time.Time{}, bytes.NewReader(doc))
	})
	mux.Handle(Path, http.StripPrefix(Path, http.FileServerFS(assets)))
	return mux, nil
}
