# Every target is one command of ./trailhound, which also works where there is no make.

.PHONY: help test lint bench fuzz docs lock wheelhouse
.DEFAULT_GOAL := help

help: ## say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## run the default suite (ARGS="-m slow" and the like go to pytest)
	@./trailhound dev test $(ARGS)

lint: ## check style, types, layers and shell scripts
	@./trailhound dev lint

bench: ## measure the figures that the README quotes (ARGS chooses some)
	@./trailhound dev bench $(ARGS)

fuzz: ## mutate inputs for a while
	@./trailhound dev fuzz $(ARGS)

docs: ## write the parts of the documentation that the program knows
	@./trailhound dev docs $(ARGS)

lock: ## resolve both lock files anew
	@./trailhound dev lock

wheelhouse: ## download the packages for this platform, for hosts without a network
	@./trailhound dev wheelhouse
