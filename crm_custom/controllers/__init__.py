from . import print_search
