// iwas: the one program. Each command is a file in app/commands/.
#include "app/commands/commands.hpp"

int main(int argc, char** argv)
{
    return iwas::app::run(argc, argv);
}
